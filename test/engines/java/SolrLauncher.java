import java.lang.reflect.Field;
import java.util.Properties;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** One Solr in its own Jetty: {@code SolrLauncher <home> <host> <port>}. The home holds solr.xml, cores, security.json. */
public final class SolrLauncher {
    private SolrLauncher() {}

    public static void main(String[] args) throws Exception {
        JettyConfig config = JettyConfig.builder().setPort(Integer.parseInt(args[2])).build();
        JettySolrRunner runner = new JettySolrRunner(args[0], new Properties(), config);
        // The runner always listens on 127.0.0.1, and has no setting for another address.
        Field field = JettySolrRunner.class.getDeclaredField("server");
        field.setAccessible(true);
        for (Connector connector : ((Server) field.get(runner)).getConnectors()) {
            ((ServerConnector) connector).setHost(args[1]);
        }
        runner.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.stop();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        Thread.currentThread().join();
    }
}
