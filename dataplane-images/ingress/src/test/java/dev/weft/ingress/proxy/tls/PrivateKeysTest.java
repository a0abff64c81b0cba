package dev.weft.ingress.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.testkit.Seeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PrivateKeysTest {
    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private static byte[] converted(String text) throws IOException {
        String pem = new String(PrivateKeys.pkcs8(text).readAllBytes(), StandardCharsets.US_ASCII);
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    @Test
    void an_rsa_key_of_pkcs_1_is_the_one_that_java_made() throws Exception {
        byte[] pkcs8 = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        // Behind version, algorithm and the heads of two elements with lengths of two octets.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertThat(converted(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(pkcs8);
        assertThat(converted(pem("PRIVATE KEY", pkcs8))).isEqualTo(pkcs8);
    }

    @Test
    void an_ec_key_of_sec_1_is_read_with_its_curve() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        byte[] secret = Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
        byte[] sec1 = HexFormat.of().parseHex("3031020101" + "0420" + HexFormat.of().formatHex(secret)
                + "a00a06082a8648ce3d030107");
        byte[] converted = converted(pem("EC PRIVATE KEY", sec1));
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(converted));
        assertThat(((ECPrivateKey) key).getS().toByteArray())
                .endsWith(Arrays.copyOfRange(secret, 1, 32));
    }

    @Test
    void what_is_cut_off_is_refused() {
        Seeded.loop(2_000, random -> {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            try {
                PrivateKeys.pkcs8(pem("EC PRIVATE KEY", bytes));
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PrivateKeys.pkcs8(pem("EC PRIVATE KEY", new byte[] {0x30, 0x03, 0x02, 0x01, 0x01})))
                .withMessageContaining("does not name its curve");
    }
}
