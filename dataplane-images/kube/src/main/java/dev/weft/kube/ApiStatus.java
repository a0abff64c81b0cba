package dev.weft.kube;

import java.io.ByteArrayInputStream;

/** The parts of a {@code Status} object that matter here; empty where the server did not say. */
record ApiStatus(int code, String reason, String message) {
    static final ApiStatus NONE = new ApiStatus(0, "", "");

    static ApiStatus read(byte[] json) throws KubeException {
        try (JsonInput in = new JsonInput(new ByteArrayInputStream(json))) {
            in.advance();
            return read(in);
        }
    }

    /** Reads the value the input stands at. */
    static ApiStatus read(JsonInput in) throws KubeException {
        Fields fields = new Fields();
        in.object(fields::field);
        return new ApiStatus(fields.code, fields.reason, fields.message);
    }

    private static final class Fields {
        private int code;
        private String reason = "";
        private String message = "";

        void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "code" -> code = in.integer();
                case "reason" -> reason = in.string();
                case "message" -> message = in.string();
                default -> {}
            }
        }
    }
}
