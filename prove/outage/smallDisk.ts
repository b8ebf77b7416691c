import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { postgresUrls } from "../../server/testing/postgres.ts";

export interface SmallDisk {
  tablespace: string;
  /** Leaves no room on it. */
  fill(): void;
  /** Gives all the room back that `fill` took. */
  clear(): void;
}

/** A disk of 64 MiB for one database, which only root may make. */
export const canMakeDisks = process.platform === "linux" && process.getuid?.() === 0;

const sizeMiB = 64;

/** Mounts a small disk, gives it to PostgreSQL as a tablespace, and takes both away after the work. */
export async function onSmallDisk<T>(work: (disk: SmallDisk) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "matepeak-disk-"));
  chmodSync(folder, 0o711);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m`, "tmpfs", folder]);
  const admin = new pg.Client({ connectionString: postgresUrls().adminUrl });
  const tablespace = `small_${process.pid}`;
  const ballast = join(folder, "ballast");
  try {
    await admin.connect();
    const { rows } = await admin.query<{ folder: string }>(
      "select current_setting('data_directory') as folder",
    );
    const { uid, gid } = statSync(rows[0]?.folder ?? "");
    chownSync(folder, uid, gid);
    await admin.query(`create tablespace ${tablespace} location '${folder}'`);
    return await work({
      tablespace,
      fill: () => fillUp(ballast),
      clear: () => truncateSync(ballast),
    });
  } finally {
    await admin.query(`drop tablespace if exists ${tablespace}`);
    await admin.end();
    execFileSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  }
}

function fillUp(ballast: string): void {
  for (const bytes of [1 << 20, 1 << 12]) {
    try {
      for (let part = 0; part < (sizeMiB << 20) / bytes; part++)
        writeFileSync(ballast, Buffer.alloc(bytes, 1), { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}
