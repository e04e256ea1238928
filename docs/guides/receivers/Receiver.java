// A webhook receiver with the JDK alone (17 or later): WEBHOOK_SECRET=whsec_... PORT=4242 java Receiver.java
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Receiver {
    static final String SECRET = System.getenv("WEBHOOK_SECRET");
    static final Pattern EVENT_ID = Pattern.compile("\"id\":\"(evt_[0-9a-f]+)\"");
    // In a real shop: a table, since the same event may come more than once.
    static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "4242"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", Receiver::receive);
        server.start();
    }

    static void receive(HttpExchange exchange) throws IOException {
        byte[] rawBody = exchange.getRequestBody().readAllBytes();
        String header = exchange.getRequestHeaders().getFirst("Stripe-Signature");
        boolean good = header != null && verified(rawBody, header);
        if (good) {
            String body = new String(rawBody, StandardCharsets.UTF_8);
            Matcher id = EVENT_ID.matcher(body);
            if (id.find() && SEEN.add(id.group(1))) {
                System.out.println(body); // hand it to your JSON library here
            }
        }
        exchange.sendResponseHeaders(good ? 200 : 401, -1);
        exchange.close();
    }

    /** Whether Stripe-Signature (t=unix,v1=hex[,v1=hex]) was made with our secret within five minutes. */
    static boolean verified(byte[] rawBody, String header) {
        String timestamp = "";
        for (String part : header.split(",")) {
            if (part.startsWith("t=")) timestamp = part.substring(2);
        }
        if (!timestamp.matches("\\d{1,12}")) return false;
        if (Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) > 300) return false;
        byte[] expected = hmac(timestamp, rawBody).getBytes(StandardCharsets.US_ASCII);
        boolean good = false;
        for (String part : header.split(",")) {
            if (part.startsWith("v1=")) {
                good |= MessageDigest.isEqual(expected, part.substring(3).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return good;
    }

    static String hmac(String timestamp, byte[] rawBody) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(rawBody));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
