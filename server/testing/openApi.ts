import { z } from "zod";
import type { TestApp } from "./testApp.ts";

const schema = z.record(z.string(), z.unknown());
export type JsonSchema = z.infer<typeof schema>;

const operation = z.object({
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema }))
    .default([]),
  tags: z.array(z.string()).default([]),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema })) }).optional(),
});
export type Operation = z.infer<typeof operation>;

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema).optional() }),
});

type OpenApiDocument = z.infer<typeof document>;
const documents = new WeakMap<TestApp["app"], OpenApiDocument>();

/** Returns the app's OpenAPI document, typed as far as the tests read it. */
export function openApi({ app }: TestApp): OpenApiDocument {
  // Read once: some tests ask for each route.
  const known = documents.get(app) ?? document.parse(app.swagger());
  documents.set(app, known);
  return known;
}
