package io.bluegreen;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** How values look as JSON: the one place for it. A record is an object of its components. */
final class JsonShapes {
  static final int FORMAT = 1;

  /** What stands for itself, and so begins with the format. */
  private static final List<Class<?>> DOCUMENTS =
      List.of(
          Status.class,
          RecordedStatus.class,
          DeploymentResult.class,
          DeploymentPlan.class,
          DeploymentRecord.class,
          RecoveryReport.class,
          DeploymentEvent.class);

  private static final Map<Class<?>, String> EVENTS =
      Map.ofEntries(
          Map.entry(ProgressEvent.Started.class, "STARTED"),
          Map.entry(ProgressEvent.PhaseEntered.class, "PHASE_ENTERED"),
          Map.entry(SlotEvent.Launched.class, "LAUNCHED"),
          Map.entry(SlotEvent.Adopted.class, "ADOPTED"),
          Map.entry(SlotEvent.Probed.class, "PROBED"),
          Map.entry(TrafficEvent.TrafficMoved.class, "TRAFFIC_MOVED"),
          Map.entry(TrafficEvent.GateJudged.class, "GATE_JUDGED"),
          Map.entry(TrafficEvent.Waiting.class, "WAITING"),
          Map.entry(DeploymentEvent.Asked.class, "ASKED"),
          Map.entry(ProgressEvent.Suspended.class, "SUSPENDED"),
          Map.entry(ProgressEvent.CarriedOn.class, "CARRIED_ON"),
          Map.entry(SlotEvent.Drained.class, "DRAINED"),
          Map.entry(SlotEvent.Stopped.class, "STOPPED"),
          Map.entry(ProgressEvent.UndoStarted.class, "UNDO_STARTED"),
          Map.entry(DeploymentEvent.Warned.class, "WARNED"),
          Map.entry(ProgressEvent.Ended.class, "ENDED"));

  private JsonShapes() {}

  static Map<String, Object> of(JsonForm value) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (DOCUMENTS.stream().anyMatch(document -> document.isInstance(value))) {
      json.put("format", FORMAT);
    }
    json.putAll(members(value));
    return Collections.unmodifiableMap(json);
  }

  private static Map<String, Object> members(Object value) {
    if (value instanceof Status status) {
      return status(status);
    }
    if (value instanceof DeploymentResult result) {
      Map<String, Object> json = components(result);
      json.put("achieved", result.achieved());
      json.put("text", result.toString());
      return json;
    }
    if (value instanceof DeploymentEvent event) {
      return event(event);
    }
    if (value instanceof RecoveryReport || value instanceof DeploymentRecord) {
      Map<String, Object> json = components(value);
      json.put("text", value.toString());
      return json;
    }
    if (value instanceof Operation operation) {
      return operation(operation);
    }
    if (value instanceof Service service) {
      return service(service);
    }
    if (value instanceof DeploymentPolicy
        || value instanceof Probing
        || value instanceof Watch
        || value instanceof TimeLimits) {
      return PolicyJson.map(value);
    }
    return components(value);
  }

  private static Map<String, Object> status(Status status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group", status.group());
    add(json, "runningNow", status.runningNow());
    if (status.truth() instanceof RouterTruth.Known known) {
      add(json, "running", known.running());
      if (known.durableUnknown().isEmpty()) {
        add(json, "durable", known.durable());
      }
      add(json, "durableUnknown", known.durableUnknown());
      // It tells a split that was left and entered again from one that has stayed.
      json.put("generation", known.generation());
      add(json, "unassigned", status.unassigned());
    } else if (status.truth() instanceof RouterTruth.Unreachable unreachable) {
      json.put("unreachable", unreachable.reason());
    } else if (status.truth() instanceof RouterTruth.NotServing not) {
      json.put("notServing", not.describe());
      add(json, "willServe", not.once().running());
    }
    add(json, "slots", status.slots());
    add(json, "drift", status.drift());
    add(json, "open", status.open());
    add(json, "warnings", status.warnings());
    return json;
  }

  private static Map<String, Object> event(DeploymentEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("event", kind(event.getClass()));
    json.putAll(components(event.stamp()));
    Map<String, Object> own = components(event);
    own.remove("stamp");
    json.putAll(own);
    json.put("text", event.describe());
    return json;
  }

  static String kind(Class<?> event) {
    return Objects.requireNonNull(EVENTS.get(event), event::getName);
  }

  private static Map<String, Object> operation(Operation operation) {
    Map<String, Object> json = new LinkedHashMap<>();
    add(json, "kind", operation.kind());
    add(json, "release", operation.release());
    add(json, "version", operation.version());
    add(json, "target", operation.target());
    add(json, "services", operation.services());
    add(json, "policy", operation.policy());
    json.put("by", operation.by());
    json.put("why", operation.why());
    add(json, "force", operation.force());
    json.put("redeploy", operation.isRedeploy());
    json.put("gradual", operation.isGradual());
    json.put("text", operation.toString());
    return json;
  }

  private static Map<String, Object> service(Service service) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", service.name());
    json.put("routed", service.routed());
    add(json, "blue", service.endpoints(Color.BLUE));
    add(json, "green", service.endpoints(Color.GREEN));
    add(json, "frontDoor", service.frontDoor());
    return json;
  }

  private static Map<String, Object> components(Object value) {
    if (value instanceof Slot slot) {
      return slot(slot);
    }
    if (value instanceof TrafficSplit split) {
      return new LinkedHashMap<>(split.green());
    }
    Map<String, Object> json = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      if (value instanceof Status.SlotStatus status && component.getName().equals("slot")) {
        json.putAll(slot(status.slot()));
      } else {
        add(json, component.getName(), read(component, value));
      }
    }
    return json;
  }

  private static Map<String, Object> slot(Slot slot) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("service", slot.service().name());
    json.put("color", slot.color().label());
    return json;
  }

  private static Object read(RecordComponent component, Object value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record can't be read: " + value.getClass(), e);
    }
  }

  private static void add(Map<String, Object> json, String name, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> add(json, name, present));
    } else if (value instanceof OptionalInt optional) {
      optional.ifPresent(present -> json.put(name, present));
    } else if (value instanceof Duration duration) {
      json.put(name + "Millis", duration.toMillis());
    } else {
      json.put(name, plain(value));
    }
  }

  private static Object plain(Object value) {
    if (value instanceof Color color) {
      return color.label();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof TrafficSplit split) {
      return split.green();
    }
    if (value instanceof Set<?> set) {
      return set.stream().map(JsonShapes::plain).map(String::valueOf).sorted().toList();
    }
    if (value instanceof Collection<?> some) {
      return some.stream().map(JsonShapes::plain).toList();
    }
    if (value instanceof Record || value instanceof Operation || value instanceof Service) {
      return members(value);
    }
    return value instanceof Number || value instanceof Boolean || value instanceof Map<?, ?>
        ? value
        : value.toString();
  }
}
