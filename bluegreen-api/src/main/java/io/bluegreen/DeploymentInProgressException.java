package io.bluegreen;

/**
 * An operation is refused because somebody else acts on the group: another thread of this process,
 * or another process.
 */
public class DeploymentInProgressException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  private final transient LeaseOwner owner;

  /** Creates one that names the owner that acts. */
  public DeploymentInProgressException(LeaseOwner owner) {
    super(held(owner) + "wait for it, or abort it through running()");
    this.owner = owner;
  }

  /**
   * Creates one that names the owner that acts, and then what was refused meanwhile: that owner may
   * be the reason for it.
   */
  public DeploymentInProgressException(LeaseOwner owner, BlueGreenException refusal) {
    super(
        held(owner)
            + "wait for it, or abort it through running(). Meanwhile: "
            + refusal.getMessage(),
        refusal);
    this.owner = owner;
  }

  /**
   * Creates one that names the owner that acts, for an operation that waited for it and was asked
   * to end before it had started.
   *
   * @param why who asked for that, and why, such as "aborted by ann (wrong version)"
   */
  public DeploymentInProgressException(LeaseOwner owner, String why) {
    super(held(owner) + "what waited for it has not begun and touched nothing: " + why);
    this.owner = owner;
  }

  /** Returns the owner that acts. */
  public LeaseOwner owner() {
    return owner;
  }

  private static String held(LeaseOwner owner) {
    return "group " + owner.group() + " is held by " + owner + "; ";
  }
}
