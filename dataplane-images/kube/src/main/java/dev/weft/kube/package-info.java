/**
 * The Kubernetes API as a node agent needs it: {@link dev.weft.kube.Watcher} keeps a {@link dev.weft.kube.Store} equal
 * to the server's objects of one {@link dev.weft.kube.KindSpec}, in little memory; {@link dev.weft.kube.KubeClient} is
 * the HTTP below it; {@link dev.weft.kube.EventRecorder} writes Events.
 */
@NullMarked
package dev.weft.kube;

import org.jspecify.annotations.NullMarked;
