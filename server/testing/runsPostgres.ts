import { inject } from "vitest";
// Brings the type of inject("postgres").
import type {} from "./globalSetup.ts";
import { givePostgres } from "./postgres.ts";

// Each test file has modules of its own: tells them of the run's PostgreSQL.
givePostgres(inject("postgres"));
