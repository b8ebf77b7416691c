import { z } from "zod";
import { documentPage, documentParams, documentQuery, moneyDocument } from "#contract/documents.ts";
import { defaultLanguage, wordsIn } from "#words/languages.ts";
import type { Database } from "../platform/database/database.ts";
import { signedIn } from "../platform/http/authority.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { composePaper } from "./composePaper.ts";
import { openPdfRenderer, type PdfRenderer } from "./pdf/renderPdf.ts";
import { listDocuments, presentDocument, readDocument } from "./queries.ts";
import { pagePolicy, renderHtml } from "./renderHtml.ts";
import { taxRoutes } from "./taxRoutes.ts";

const tags = ["Documents"];

/** Receipts, fee invoices and credit notes: as facts, as a page and as a PDF. */
export async function documentRoutes(
  app: TypedApp,
  { database, publicUrl, pdfs = openPdfRenderer() }: Dependencies & { publicUrl: string; pdfs?: PdfRenderer },
): Promise<void> {
  app.addHook("onClose", () => pdfs.close());
  await taxRoutes(app, database);

  app.get("/documents", {
    schema: {
      tags,
      summary: "List my receipts, fee invoices and credit notes, newest first",
      description:
        "A mentor's include the students' receipts and credit notes, which are in the mentor's name.",
      querystring: documentQuery,
      response: { 200: documentPage, ...problemResponses(401, 404, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => listDocuments(tx, caller.id, request.query));
    },
  });

  app.get("/documents/:document_id", {
    schema: {
      tags,
      summary: "Get a document",
      description: "Facts as they were when it was issued. A document never changes.",
      params: documentParams,
      response: { 200: moneyDocument, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request) => presentDocument(await read(database, request.caller, request.params)),
  });

  const compose = async (caller: Identity, params: { document_id: string }) =>
    composePaper(await read(database, caller, params), wordsIn(defaultLanguage), publicUrl);

  app.get("/documents/:document_id.html", {
    schema: {
      tags,
      summary: "Get a document as a page, to read and to print",
      params: documentParams,
      produces: ["text/html"],
      response: { 200: z.string(), ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) =>
      reply
        .type("text/html; charset=utf-8")
        .header("content-security-policy", pagePolicy)
        .serializer((html: string) => html)
        .send(renderHtml(await compose(request.caller, request.params))),
  });

  app.get("/documents/:document_id.pdf", {
    schema: {
      tags,
      summary: "Download a document as PDF",
      description: "The page is the accessible form: the PDF is not tagged.",
      params: documentParams,
      produces: ["application/pdf"],
      response: { 200: z.string(), ...problemResponses(401, 404, 429, 503) },
    },
    onRequest: limitTo(app, "document-pdf"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const paper = await compose(request.caller, request.params);
      const bytes = Buffer.from(await pdfs.render(paper));
      return reply
        .type("application/pdf")
        .header("content-disposition", `inline; filename="${fileName(paper.name)}.pdf"`)
        .send(bytes as never);
    },
  });
}

async function read(database: Database, caller: Identity, { document_id }: { document_id: string }) {
  return database.asUser(caller.id, (tx) => readDocument(tx, document_id));
}

/** "Receipt R/26-27/000123": "receipt-r-26-27-000123". */
function fileName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
