package dev.weft.serviceproxy;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Node;
import dev.weft.kube.Service;
import dev.weft.kube.Store;

/**
 * What is watched for the role. The watches may be started before or after the role.
 *
 * @param services of {@link dev.weft.kube.KindSpec#services()}
 * @param slices of {@link dev.weft.kube.KindSpec#endpointSlices()}
 * @param nodes at least the node's own
 * @param node the own node's name
 */
public record Inputs(Store<Service> services, Store<EndpointSlice> slices, Store<Node> nodes, String node) {}
