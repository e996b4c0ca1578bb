package io.bluegreen.nginx;

import io.bluegreen.RouterReport.Warning;
import io.bluegreen.support.FileExposure;
import io.bluegreen.support.ResourceLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The warnings that both modes give: files that others may change, and a socket that stays. */
final class CommonWarnings {
  private CommonWarnings() {}

  static List<Warning> of(NginxSettings settings) {
    List<Warning> warnings = new ArrayList<>();
    Stream.concat(
            ResourceLock.exposure(settings.lock()).stream(),
            FileExposure.ofParents(settings.lock()).stream())
        .map(exposure -> new Warning(exposure.what(), exposure.remedy(), Optional.empty()))
        .forEach(warnings::add);
    if (settings.door().isSocket()) {
      warnings.add(
          new Warning(
              "an nginx that was killed leaves its status socket behind, and does not start again"
                  + " until it is deleted",
              settings.container.isPresent()
                  ? "let the container's command begin with rm -f "
                      + settings.asNginxSees().door().place()
                  : "delete "
                      + settings.door().place()
                      + " before nginx starts (ExecStartPre=), or use a loopback"
                      + " address: status(\"http://127.0.0.1:8099\")",
              Optional.empty()));
    }
    return warnings;
  }
}
