import { inject } from "vitest";
// Brings the type of inject("postgres").
import type {} from "./globalSetup.ts";
import { givePostgres } from "./postgres.ts";

// Runs before each test file: a worker process learns of the run's PostgreSQL, which another process has started.
givePostgres(inject("postgres"));
