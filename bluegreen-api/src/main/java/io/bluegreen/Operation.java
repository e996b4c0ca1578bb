package io.bluegreen;

import io.bluegreen.support.Names;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a host asks for, and under which circumstances. Immutable; each method returns a changed
 * copy.
 *
 * <pre>{@code
 * manager.run(Operation.deploy(Release.of("1.4.2")).by("alice", "INC-42"));
 * }</pre>
 */
public final class Operation implements JsonForm {
  /** The kinds of operation. */
  public enum Kind {
    /** Start a release on the idle colour, prove it, and move the traffic to it. */
    DEPLOY,
    /** Move the traffic to a colour that runs already. */
    SWITCH,
    /** Take the last promotion back, or go to a version that is still warm. */
    ROLLBACK,
    /** Start a release on the idle colour and prove it; the traffic stays. */
    START,
    /** Stop what runs on the idle colour. */
    STOP,
    /** Put on record what runs already, and take it over; the traffic stays. */
    ADOPT
  }

  private final Kind kind;
  private final Optional<Release> release;
  private final Optional<Color> target;
  private final Set<String> services;
  private final Optional<DeploymentPolicy> policy;
  private final String by;
  private final String why;
  private final Optional<String> force;
  private final boolean redeploy;
  private final Optional<String> version;
  private final boolean gradual;

  private Operation(OperationDraft draft) {
    this.kind = draft.kind;
    this.release = draft.release;
    this.target = draft.target;
    this.services = Set.copyOf(draft.services);
    this.policy = draft.policy;
    this.by = draft.by;
    this.why = draft.why;
    this.force = draft.force;
    this.redeploy = draft.redeploy;
    this.version = draft.version;
    this.gradual = draft.gradual;
  }

  private static Operation of(Kind kind) {
    return new Operation(new OperationDraft(kind));
  }

  private Operation with(Consumer<OperationDraft> change) {
    OperationDraft draft = new OperationDraft(this);
    change.accept(draft);
    return new Operation(draft);
  }

  /** Returns: start this release on the idle colour, prove it, and move the traffic to it. */
  public static Operation deploy(Release release) {
    Objects.requireNonNull(release, "release");
    return of(Kind.DEPLOY).with(draft -> draft.release = Optional.of(release));
  }

  /** Returns: move the traffic to a colour that runs already, after the same proofs. */
  public static Operation switchTo(Color color) {
    Objects.requireNonNull(color, "color");
    return of(Kind.SWITCH).with(draft -> draft.target = Optional.of(color));
  }

  /**
   * Returns: take the last promotion back, after the same proofs. The record knows the promotion by
   * its deployment and its versions; only the services that it was about go back. Asked again it
   * changes nothing and ends as {@link Outcome#ALREADY_LIVE}, so that a second click or a client
   * that repeats its request never moves the users forward again. It is refused where what was live
   * before is not kept warm any more.
   */
  public static Operation rollback() {
    return of(Kind.ROLLBACK);
  }

  /**
   * Returns this rollback, to a version that is still warm: one that the record has on the idle
   * colour, whichever promotion brought it there. Services that run it already stay. It is refused
   * with a list of what is warm where a service has no such version.
   *
   * @throws IllegalArgumentException if the version is malformed, as for {@link Release#of}
   * @throws IllegalStateException if this operation is no rollback
   */
  public Operation to(String named) {
    Objects.requireNonNull(named, "named");
    if (kind != Kind.ROLLBACK) {
      throw new IllegalStateException(
          "to(version) names what a rollback goes back to; this operation is: " + this);
    }
    Optional<String> valid = Optional.of(Release.of(named).version());
    return with(draft -> draft.version = valid);
  }

  /** Returns: start this release on the idle colour and prove it; the traffic stays where it is. */
  public static Operation startCandidate(Release release) {
    Objects.requireNonNull(release, "release");
    return of(Kind.START).with(draft -> draft.release = Optional.of(release));
  }

  /** Returns: stop what runs on the idle colour. */
  public static Operation stopCandidate() {
    return of(Kind.STOP);
  }

  /**
   * Returns: what is live is this release, whoever started it; take it over. Its version goes on
   * record, so that it can be gone back to by name, and its processes are known to the launcher
   * from then on ({@link Launcher#adopt}), so that a later deployment drains and stops it as it
   * does what it has launched itself. It moves nothing, starts nothing and stops nothing. After a
   * kill it is done as a whole or not at all.
   *
   * <p>Of a routed service it adopts what the router serves, of a background service the colour
   * that runs, as its check and its launcher tell; with {@link #on} the colour that is named, such
   * as what was live before a first deployment. It is refused where nothing runs, where something
   * that was launched here runs, where it is not clear which colour runs, and where the launcher
   * can't take over what runs. By {@link #force} a routed service goes on record by its version
   * only: then nothing here can stop it, and results and status say so until it has ended. Asked
   * again with another release it puts right which one was adopted.
   */
  public static Operation adopt(Release release) {
    Objects.requireNonNull(release, "release");
    return of(Kind.ADOPT).with(draft -> draft.release = Optional.of(release));
  }

  /**
   * Returns this operation for one more named service; without any it is for all services of the
   * group.
   */
  public Operation service(String name) {
    Objects.requireNonNull(name, "name");
    String valid = Names.name("service", name);
    return with(draft -> draft.services.add(valid));
  }

  /**
   * Returns this operation with the colour that it must act on. It is refused where that colour is
   * live, unless it adopts; without it the idle colour is found, and for an adoption the live one.
   */
  public Operation on(Color color) {
    Objects.requireNonNull(color, "color");
    return with(draft -> draft.target = Optional.of(color));
  }

  /** Returns this operation under another policy than the manager's default. */
  public Operation policy(DeploymentPolicy other) {
    Objects.requireNonNull(other, "other");
    return with(draft -> draft.policy = Optional.of(other));
  }

  /**
   * Returns this operation with who asks and why, for the journal and the history.
   *
   * @throws IllegalArgumentException if one of them is blank
   */
  public Operation by(String who, String reason) {
    Objects.requireNonNull(who, "who");
    Objects.requireNonNull(reason, "reason");
    return with(
        draft -> {
          draft.by = Names.remark("by", who);
          draft.why = Names.remark("why", reason);
        });
  }

  /**
   * Returns this operation without proofs of health: the traffic moves to a colour that may be
   * broken. Recorded in the journal and shown in the history.
   *
   * @throws IllegalArgumentException if the reason is blank
   */
  public Operation force(String reason) {
    Objects.requireNonNull(reason, "reason");
    return with(draft -> draft.force = Optional.of(Names.remark("force", reason)));
  }

  /** Returns this operation, which is to be done even if the version is live already. */
  public Operation redeploy() {
    return with(draft -> draft.redeploy = true);
  }

  /**
   * Returns this switch or rollback in the steps of the policy's shift, with its hold after each
   * but the last; without it, it is one switch of all traffic. A deployment goes by its policy in
   * any case. Whatever fails, the way back is always one switch.
   *
   * @throws IllegalStateException if this operation moves no traffic
   */
  public Operation gradually() {
    if (kind == Kind.START || kind == Kind.STOP || kind == Kind.ADOPT) {
      throw new IllegalStateException(
          "gradually() is for what moves traffic; this operation is: " + this);
    }
    return with(draft -> draft.gradual = true);
  }

  /** Returns the version that a rollback names; empty for the one before the last promotion. */
  public Optional<String> version() {
    return version;
  }

  /** Returns the kind. */
  public Kind kind() {
    return kind;
  }

  /** Returns what is to be started; present for DEPLOY, START and ADOPT. */
  public Optional<Release> release() {
    return release;
  }

  /** Returns the colour asked for; always present for SWITCH. */
  public Optional<Color> target() {
    return target;
  }

  /** Returns the services named, sorted; empty for all. */
  public List<String> services() {
    return services.stream().sorted().toList();
  }

  /** Returns the policy asked for, if it is not the manager's default. */
  public Optional<DeploymentPolicy> policy() {
    return policy;
  }

  /** Returns who asks; empty if that was not told. */
  public String by() {
    return by;
  }

  /** Returns why; empty if that was not told. */
  public String why() {
    return why;
  }

  /** Returns why the proofs are skipped, if they are. */
  public Optional<String> force() {
    return force;
  }

  /** Returns whether a version that is live already is deployed again. */
  public boolean isRedeploy() {
    return redeploy;
  }

  /** Returns whether a switch or a rollback goes by the policy's shift. */
  public boolean isGradual() {
    return gradual;
  }

  /** Returns the operation for a person, such as {@code deploy 1.4.2}. */
  @Override
  public String toString() {
    String what =
        switch (kind) {
          case DEPLOY -> "deploy " + release.orElseThrow();
          case SWITCH -> "switch to " + target.orElseThrow();
          case ROLLBACK -> "rollback" + version.map(named -> " to " + named).orElse("");
          case START -> "start candidate " + release.orElseThrow();
          case STOP -> "stop candidate";
          case ADOPT -> "adopt " + release.orElseThrow() + target.map(on -> " on " + on).orElse("");
        };
    return what
        + (services.isEmpty() ? "" : " of " + String.join(", ", services()))
        + (gradual && kind != Kind.DEPLOY ? " gradually" : "")
        + (force.isPresent() ? " by force" : "");
  }
}
