package io.bluegreen.nginx;

import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import java.util.List;

/** One way to switch nginx, live or by reload; an open {@link NginxRouter} hands its calls on. */
interface Mode {
  RouterReport open(Router.Opening opening);

  RouterTruth current();

  void apply(Switch change);

  List<String> plan(Switch change);

  InFlight inFlight(Slot slot);
}
