package io.bluegreen.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A kill does not show a missing force; this disk, which loses what was not forced, does. */
class DurableFileAfterPowerLossTest {
  private static final Path FILE = Path.of("/state/state.json");
  private static final String FORMER = "the former document";
  private static final String NEW = "the new document";

  @Test
  void isFormerOrNewWhereverThePowerIsLostAndNewOnceItReturned() {
    assertThat(promisesBroken(disk -> disk)).isEmpty();
  }

  @Test
  void theModelCatchesAMissingForceOfTheFile() {
    assertThat(promisesBroken(NoForce::new))
        .anySatisfy(broken -> assertThat(broken).contains("after it returned"))
        .anySatisfy(broken -> assertThat(broken).contains("before call"));
  }

  @Test
  void theModelCatchesAMissingForceOfTheDirectory() {
    assertThat(promisesBroken(NoForceOfDirectory::new))
        .singleElement()
        .asString()
        .contains("after it returned", FORMER);
  }

  @Test
  void theModelCatchesARenameBeforeTheForce() {
    assertThat(promisesBroken(RenameBeforeForce::new))
        .isNotEmpty()
        .allSatisfy(broken -> assertThat(broken).contains("before call"));
  }

  @Test
  void aFailureAtAnyCallLeavesFormerOrNewAndNoCopyAndForcesNothingAgain() {
    List<String> failed = new ArrayList<>();
    for (int call = 0; ; call++) {
      LossyDisk disk = LossyDisk.holding(FILE, FORMER).failsCall(call);
      try {
        replace(disk);
        assertThat(disk.faultIsOutstanding()).isTrue();
        break;
      } catch (IOException expected) {
        failed.add(expected.getMessage());
      }
      assertThat(disk.seen(FILE)).isIn(FORMER, NEW);
      assertThat(disk.afterPowerLoss(FILE)).isSubsetOf(FORMER, NEW);
      assertThat(disk.namesSeen()).containsExactly(FILE);
      assertThat(disk.somethingWasForcedAgainAfterAFailure()).isFalse();
    }
    assertThat(failed)
        .containsExactly(
            "input/output error in create",
            "input/output error in write",
            "input/output error in permit",
            "input/output error in force",
            "input/output error in rename",
            "input/output error in forceDirectory");
  }

  @Test
  void theFirstContentOfAFileIsWholeOrTheFileIsAbsent() throws IOException {
    for (int call = 0; call < 6; call++) {
      LossyDisk disk = new LossyDisk().losesPowerBeforeCall(call);
      assertThatThrownBy(() -> replace(disk)).isInstanceOf(LossyDisk.PowerLost.class);
      assertThat(disk.afterPowerLoss(FILE)).isSubsetOf(LossyDisk.ABSENT, NEW);
    }
    LossyDisk disk = new LossyDisk();
    replace(disk);
    assertThat(disk.afterPowerLoss(FILE)).containsExactly(NEW);
  }

  /** Loses the power before each call in turn, and after the last one; says what went wrong. */
  private static List<String> promisesBroken(UnaryOperator<Disk> wrong) {
    List<String> broken = new ArrayList<>();
    for (int call = 0; ; call++) {
      LossyDisk disk = LossyDisk.holding(FILE, FORMER).losesPowerBeforeCall(call);
      boolean returned = false;
      try {
        replace(wrong.apply(disk));
        returned = true;
      } catch (LossyDisk.PowerLost expected) {
        assertThat(disk.faultIsOutstanding()).isFalse();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      Set<String> allowed = returned ? Set.of(NEW) : Set.of(FORMER, NEW);
      Set<String> possible = disk.afterPowerLoss(FILE);
      if (!allowed.containsAll(possible)) {
        broken.add((returned ? "after it returned: " : "before call " + call + ": ") + possible);
      }
      if (returned) {
        return broken;
      }
    }
  }

  private static void replace(Disk disk) throws IOException {
    DurableFile.replace(disk, FILE, NEW.getBytes(UTF_8), Set.of(PosixFilePermission.OWNER_READ));
  }

  /** A disk that passes everything on. */
  private static class Passing implements Disk {
    final Disk disk;

    Passing(Disk disk) {
      this.disk = disk;
    }

    @Override
    public NewFile create(Path file) throws IOException {
      return disk.create(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      disk.forceDirectory(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
      disk.delete(file);
    }
  }

  /** As if the copy were never forced. */
  private static final class NoForce extends Passing {
    NoForce(Disk disk) {
      super(disk);
    }

    @Override
    public NewFile create(Path file) throws IOException {
      return new Unforced(super.create(file));
    }
  }

  private record Unforced(Disk.NewFile file) implements Disk.NewFile {
    @Override
    public void write(byte[] content) throws IOException {
      file.write(content);
    }

    @Override
    public void permit(Set<PosixFilePermission> permissions) throws IOException {
      file.permit(permissions);
    }

    @Override
    public void force() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** As if the directory were never forced. */
  private static final class NoForceOfDirectory extends Passing {
    NoForceOfDirectory(Disk disk) {
      super(disk);
    }

    @Override
    public void forceDirectory(Path directory) {}
  }

  /** As if the copy were forced only after it has its name. */
  private static final class RenameBeforeForce extends Passing {
    private Disk.NewFile late;

    RenameBeforeForce(Disk disk) {
      super(disk);
    }

    @Override
    public NewFile create(Path file) throws IOException {
      late = super.create(file);
      return new Unforced(late);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      super.rename(from, to);
      late.force();
    }
  }
}
