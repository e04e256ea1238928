// The guide's Java example for X-PayGlobe-Signature, in the JDK's own HTTP server.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class HmacSample {
    public static void main(String[] args) throws Exception {
        String webhookSecret = System.getenv("WEBHOOK_SECRET");
        HttpServer server = HttpServer.create(
            new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 0);
        server.createContext("/webhook", request -> {
            // Receive webhook
            String signature = request.getRequestHeaders().getFirst("X-PayGlobe-Signature");
            String rawBody = new String(request.getRequestBody().readAllBytes()); // RAW JSON string
            int status = 401;
            try {
                // Verify signature with your webhook secret
                Mac mac = Mac.getInstance("HmacSHA256");
                SecretKeySpec secretKey = new SecretKeySpec(webhookSecret.getBytes(), "HmacSHA256");
                mac.init(secretKey);
                byte[] hash = mac.doFinal(rawBody.getBytes());
                String expectedSignature = Base64.getEncoder().encodeToString(hash);
                if (expectedSignature.equals(signature)) {
                    System.out.println("Payment received");
                    status = 200;
                }
            } catch (java.security.GeneralSecurityException e) {
                status = 500;
            }
            request.sendResponseHeaders(status, -1);
            request.close();
        });
        server.start();
    }
}
