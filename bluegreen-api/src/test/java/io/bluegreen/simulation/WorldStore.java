package io.bluegreen.simulation;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The store of one process; its content belongs to the world. */
final class WorldStore implements StateStore {
  private final HostLife life;
  private final World world;
  private final WorldDisk disk;

  WorldStore(HostLife life) {
    this.life = life;
    this.world = life.world;
    this.disk = life.world.disk;
  }

  @Override
  public Acquired acquire(LeaseOwner owner) {
    return life.call(
        SeamCall.ACQUIRE,
        owner.deploymentId(),
        fault -> {
          if (fault == Fault.NO_LEASE) {
            throw new StoreException("no lease, as told");
          }
          WorldDisk.Holder holder = disk.holder;
          if (holder != null) {
            return new HeldBy(holder.owner());
          }
          WorldDisk.Holder mine = new WorldDisk.Holder(life, owner);
          disk.holder = mine;
          life.leaseTaken();
          life.cell = RecoveryCell.of(world);
          return new WorldLease(mine);
        });
  }

  @Override
  public Optional<LeaseOwner> holder() {
    return life.call(
        SeamCall.HOLDER,
        "",
        fault -> Optional.ofNullable(disk.holder).map(WorldDisk.Holder::owner));
  }

  @Override
  public Optional<byte[]> load() {
    return life.call(
        SeamCall.LOAD,
        "",
        fault -> {
          if (fault == Fault.LOAD_FAILS) {
            life.saveFailed(); // A process that can't read the document can't save it.
            throw new StoreException("unreadable, as told");
          }
          slow(fault);
          if (fault == Fault.LOAD_STALE && disk.backups.size() > 1) {
            return Optional.of(disk.backups.get(disk.backups.size() - 2).clone());
          }
          life.readReplaced |= life.replaced;
          return Optional.ofNullable(disk.document).map(byte[]::clone);
        });
  }

  private void slow(Fault fault) {
    if (fault == Fault.STORE_SLOW) {
      world.time.pass(Duration.ofSeconds(3));
      life.stalled = life.stalled.plusSeconds(3);
    }
  }

  @Override
  public void save(byte[] document, Lease lease) {
    life.lastSaveBegan = world.time.elapsed().minus(life.stalled);
    life.call(
        SeamCall.SAVE,
        "",
        fault -> {
          slow(fault);
          if (!(lease instanceof WorldLease mine) || mine.holder != disk.holder) {
            life.saveFailed();
            throw new StoreException("the lease is no longer held");
          }
          if (disk.full) {
            life.saveFailed();
            throw new StoreException("no space left, as told");
          }
          byte[] kept = document.clone();
          world.oracle.beforeSave(life, kept);
          disk.put(kept);
          life.saved = true;
          life.replaced = false;
          if (fault == Fault.SAVED_THEN_THROWN) {
            life.saveFailed();
            throw new StoreException("saved, then failed, as told");
          }
          return "saved";
        });
  }

  @Override
  public void post(Signal signal) {
    life.call(SeamCall.POST, signal.kind().toString(), fault -> disk.signals.add(signal));
  }

  @Override
  public List<Signal> signals(String deploymentId) {
    return life.call(
        SeamCall.SIGNALS,
        "",
        fault -> {
          if (fault == Fault.SIGNALS_UNREADABLE) {
            throw new StoreException("unreadable, as told");
          }
          return disk.signals.stream().filter(s -> s.deploymentId().equals(deploymentId)).toList();
        });
  }

  @Override
  public void forget(String deploymentId) {
    life.call(
        SeamCall.FORGET,
        "",
        fault -> {
          if (fault == Fault.FORGET_FAILS) {
            throw new StoreException("not forgotten, as told");
          }
          return disk.signals.removeIf(signal -> signal.deploymentId().equals(deploymentId));
        });
  }

  /** A lease of one process. */
  private final class WorldLease implements Lease {
    private final WorldDisk.Holder holder;

    WorldLease(WorldDisk.Holder holder) {
      this.holder = holder;
    }

    @Override
    public boolean held() {
      return life.call(
          SeamCall.HELD,
          "",
          fault -> {
            slow(fault);
            return disk.holder == holder;
          });
    }

    @Override
    public void close() {
      life.call(
          SeamCall.RELEASE,
          "",
          fault -> {
            if (disk.holder == holder) {
              disk.holder = null;
            }
            return "released";
          });
    }
  }
}
