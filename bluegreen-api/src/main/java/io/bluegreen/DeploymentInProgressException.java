package io.bluegreen;

/** Somebody else acts on the group: this process by another thread, or another process. */
public class DeploymentInProgressException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  private final transient LeaseOwner owner;

  /** Creates one that names who acts. */
  public DeploymentInProgressException(LeaseOwner owner) {
    super(
        "group "
            + owner.group()
            + " is held by "
            + owner
            + "; wait for it, or abort it through running()");
    this.owner = owner;
  }

  /**
   * Creates one that names who acts, and then what was refused meanwhile, which may be because of
   * them.
   */
  public DeploymentInProgressException(LeaseOwner owner, BlueGreenException refusal) {
    super(
        "group "
            + owner.group()
            + " is held by "
            + owner
            + "; wait for it, or abort it through running(). Meanwhile: "
            + refusal.getMessage(),
        refusal);
    this.owner = owner;
  }

  /**
   * Creates one that names who acts, for an operation that was asked to end before it had begun.
   *
   * @param why by whom, such as "aborted by ann (wrong version)"
   */
  public DeploymentInProgressException(LeaseOwner owner, String why) {
    super(
        "group "
            + owner.group()
            + " is held by "
            + owner
            + "; what waited for it has not begun and touched nothing: "
            + why);
    this.owner = owner;
  }

  /** Returns who acts. */
  public LeaseOwner owner() {
    return owner;
  }
}
