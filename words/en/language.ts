import { pluralsOf } from "../plurals.ts";

export const { count } = pluralsOf("en");
