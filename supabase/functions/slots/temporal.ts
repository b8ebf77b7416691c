import { Temporal } from "temporal-polyfill";

// Supabase's runtime is Deno 2.1, which has no Temporal yet. Imported before the slot engine.
if (!("Temporal" in globalThis)) Object.assign(globalThis, { Temporal });
