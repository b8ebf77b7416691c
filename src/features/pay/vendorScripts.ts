import { payProblems } from "#words/payments.ts";
import { ApiProblem } from "@/lib/api.ts";

/**
 * Whether this document came with the policy that lets a provider's script run. Pages that were reached inside the app keep the
 * policy of the document that the visit began with.
 */
export function isPaymentDocument(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry !== undefined && /^\/(bookings|packages)\/[^/]+\/pay\/?$/i.test(new URL(entry.name).pathname);
}

/** Whether a provider's script has run in this document. */
export function hasVendorScript(): boolean {
  return document.querySelector("script[data-loaded]") !== null;
}

/** @throws ApiProblem if the script cannot be loaded, because of a blocker for example */
export async function loadScript(address: string): Promise<void> {
  if (document.querySelector(`script[src="${address}"][data-loaded]`)) return;
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      script.dataset.loaded = "";
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new ApiProblem("unexpected", { status: 0, detail: payProblems.scriptFailed }));
    };
    document.head.append(script);
  });
}
