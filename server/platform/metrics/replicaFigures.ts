import { Counter, Gauge } from "@prometheus-io/client";
import type { Replica } from "../database/replica.ts";
import type { Metrics } from "./metrics.ts";

/** Adds what a replica does. Returns the function that updates it. */
export function addReplicaFigures(registry: Metrics["registry"], replica: Replica): () => void {
  const registers = [registry];
  const lag = new Gauge({
    name: "matepeak_replica_lag_seconds",
    help: "How far the replica is behind the primary.",
    registers,
  });
  const isAsked = new Gauge({
    name: "matepeak_replica_usable",
    help: "Whether visitors' reads are sent to the replica.",
    registers,
  });
  const outcomes = new Counter({
    name: "matepeak_replica_reads_total",
    help: "Reads that a replica may answer: by the replica, or by the primary because it was stale, failed or away.",
    labelNames: ["outcome"],
    registers,
  });
  let seen = { replica: 0, stale: 0, failed: 0, away: 0 };
  return () => {
    const { isUsable, lag: behind, reads } = replica.figures();
    isAsked.set(isUsable ? 1 : 0);
    // Unknown while it does not answer.
    lag.reset();
    if (behind !== undefined) lag.set(behind / 1000);
    for (const outcome of ["replica", "stale", "failed", "away"] as const)
      outcomes.inc({ outcome }, reads[outcome] - seen[outcome]);
    seen = { ...reads };
  };
}
