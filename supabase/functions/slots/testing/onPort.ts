// Run by deno in place of index.ts: Supabase chooses where a function listens, and a test does.
const { serve } = Deno as unknown as {
  serve(options: { port: number; hostname: string }, answer: (request: Request) => Promise<Response>): void;
};
const port = Number(Deno.env.get("PORT"));
Deno.serve = (answer) => serve({ port, hostname: "127.0.0.1" }, answer);
await import("../index.ts");
