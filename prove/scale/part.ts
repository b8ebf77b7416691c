import type { Prove } from "../proof.ts";
import { migrateUnderLoad } from "./rollingMigration.ts";

export const beyondOneMachine: Prove = async (scale) => ({
  title: "Beyond one machine",
  findings: [...(await migrateUnderLoad(scale))],
  notes,
});

const notes = `The apps are processes of their own, asked in turns without a proxy in front. Every answer but a success counts as failed.`;
