import java.io.File;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * One small Hadoop: {@code HadoopLauncher <host> <folder> open|private|named|yarn}. A name node with one file; with its root
 * closed to others; whose pages want a user's name, without a secret; or a resource manager. Pages on their usual ports.
 */
public final class HadoopLauncher {
    private HadoopLauncher() {}

    public static void main(String[] args) throws Exception {
        String host = args[0];
        File folder = new File(args[1]);
        String mode = args[2];
        if (mode.equals("yarn")) yarn(host, folder);
        else nameNode(host, folder, mode);
        System.out.println("bench is ready");
        Thread.currentThread().join();
    }

    private static void nameNode(String host, File folder, String mode) throws Exception {
        Configuration settings = new Configuration();
        settings.set("hadoop.tmp.dir", folder.getPath());
        settings.set("dfs.namenode.http-bind-host", host);
        if (mode.equals("named")) {
            settings.set("hadoop.http.filter.initializers", "org.apache.hadoop.security.AuthenticationFilterInitializer");
            settings.set("hadoop.http.authentication.type", "simple");
            settings.setBoolean("hadoop.http.authentication.simple.anonymous.allowed", false);
        }
        MiniDFSCluster cluster =
                new MiniDFSCluster.Builder(settings, folder).numDataNodes(1).nameNodeHttpPort(9870).build();
        cluster.waitActive();
        FileSystem files = cluster.getFileSystem();
        files.mkdirs(new Path("/user"));
        try (FSDataOutputStream file = files.create(new Path("/device_users.csv"))) {
            file.writeBytes("CANARY-hdfs@example.invalid");
        }
        if (mode.equals("private")) files.setPermission(new Path("/"), new FsPermission("700"));
    }

    private static void yarn(String host, File folder) throws Exception {
        YarnConfiguration settings = new YarnConfiguration();
        settings.set("hadoop.tmp.dir", folder.getPath());
        settings.setBoolean(YarnConfiguration.YARN_MINICLUSTER_FIXED_PORTS, true);
        for (String service : new String[] {"resourcemanager.address", "resourcemanager.scheduler.address",
                "resourcemanager.resource-tracker.address", "resourcemanager.admin.address", "nodemanager.address",
                "nodemanager.localizer.address", "nodemanager.webapp.address"}) {
            settings.set("yarn." + service, host + ":0");
        }
        settings.set("yarn.scheduler.capacity.root.queues", "default");
        settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
        settings.set(YarnConfiguration.RM_WEBAPP_ADDRESS, host + ":8088");
        MiniYARNCluster cluster = new MiniYARNCluster("bench", 0, 1, 1);
        cluster.init(settings);
        cluster.start();
    }
}
