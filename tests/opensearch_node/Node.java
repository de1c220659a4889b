import java.io.OutputStream;
import java.util.Map;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node on the loopback interface, until standard input ends: so it ends with whoever started it. */
public class Node {
  public static void main(String[] arguments) throws Exception {
    String folder = arguments[0];
    Map<String, String> settings = Map.of(
        "network.host", "127.0.0.1",
        "http.port", arguments[1],
        "transport.port", arguments[2],
        "discovery.type", "single-node",
        "cluster.routing.allocation.disk.threshold_enabled", "false");
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild((number, chosen) -> settings.forEach(chosen::put))
        .build(OpenSearchRunner.newConfigs().basePath(folder).numOfNode(1).clusterName("diwan-tests"));
    runner.ensureYellow();
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }
}
