export * as bookings from "./bookings.ts";
export * as controls from "./controls.ts";
export * as durations from "./durations.ts";
export * as hours from "./hours.ts";
export * as problems from "./problems.ts";
export * as services from "./services.ts";
export * as slots from "./slots.ts";
