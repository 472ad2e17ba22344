import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** One mongo-java-server: {@code MongoLauncher <host> <port> [<PKCS #12 store> <password>]}. It knows no accounts. */
public final class MongoLauncher {
    private MongoLauncher() {}

    public static void main(String[] args) throws Exception {
        MongoServer server = new MongoServer(new MemoryBackend());
        if (args.length > 2) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            char[] password = args[3].toCharArray();
            try (InputStream file = new FileInputStream(args[2])) {
                store.load(file, password);
            }
            PrivateKey key = (PrivateKey) store.getKey("node", password);
            server.enableSsl(key, null, (X509Certificate) store.getCertificate("node"));
        }
        server.bind(args[0], Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        Thread.currentThread().join();
    }
}
