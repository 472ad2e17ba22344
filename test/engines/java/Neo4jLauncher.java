import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.connectors.HttpsConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.configuration.ssl.SslPolicyConfig;
import org.neo4j.configuration.ssl.SslPolicyScope;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilder;
import org.neo4j.harness.Neo4jBuilders;

/**
 * One Neo4j with Bolt and HTTP: {@code Neo4jLauncher <folder> <host> <auth: true|false> [<folder of certificates>
 * <OPTIONAL|REQUIRED>]}. The harness is the server's own code; only its settings come from here.
 */
public final class Neo4jLauncher {
    private Neo4jLauncher() {}

    public static void main(String[] args) throws Exception {
        String host = args[1];
        Neo4jBuilder builder = Neo4jBuilders.newInProcessBuilder(Path.of(args[0]))
            .withConfig(GraphDatabaseSettings.auth_enabled, Boolean.valueOf(args[2]))
            .withConfig(BoltConnector.enabled, true)
            .withConfig(BoltConnector.listen_address, new SocketAddress(host, 7687))
            .withConfig(HttpConnector.enabled, true)
            .withConfig(HttpConnector.listen_address, new SocketAddress(host, 7474))
            .withConfig(HttpsConnector.enabled, false)
            .withFixture("CREATE (:DeviceUser {email: 'CANARY-neo4j@example.invalid', wifi_ssid: 'CANARY-ssid'})");
        if (args.length > 3) {
            SslPolicyConfig policy = SslPolicyConfig.forScope(SslPolicyScope.BOLT);
            builder = builder
                .withConfig(policy.enabled, true)
                .withConfig(policy.base_directory, Path.of(args[3]))
                .withConfig(policy.private_key, Path.of(args[3], "node.key"))
                .withConfig(policy.public_certificate, Path.of(args[3], "node.pem"))
                .withConfig(policy.client_auth, org.neo4j.configuration.ssl.ClientAuth.NONE)
                .withConfig(BoltConnector.encryption_level, BoltConnector.EncryptionLevel.valueOf(args[4]));
        }
        Neo4j server = builder.build();
        System.out.println("bench is ready");
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        Thread.currentThread().join();
    }
}
