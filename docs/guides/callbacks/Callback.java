// Verifies a callback: java Callback.java '<its query>' prints success or failed, or ends with 1 when it is forged.
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Callback {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> said = new HashMap<>();
        for (String pair : arguments[0].split("&")) {
            String[] parts = pair.split("=", 2);
            said.put(parts[0], URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        byte[] key = System.getenv("GLOMOPAY_SECRET_KEY").getBytes(StandardCharsets.UTF_8);
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signed = said.get("order_id") + "|" + said.get("payment_id") + "|" + said.get("status");
        StringBuilder expected = new StringBuilder();
        for (byte part : mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))) {
            expected.append(String.format("%02x", part));
        }
        byte[] given = said.getOrDefault("signature", "").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, expected.toString().getBytes(StandardCharsets.UTF_8))) {
            System.exit(1);
        }
        System.out.println(said.get("status"));
    }
}
