import { type ReactNode, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { ApiProblem } from "@/lib/api.ts";
import { ProofDialog } from "./ProofDialog.tsx";

interface Proving {
  /**
   * Runs an action that may need a fresh proof of who the person is; if so, asks for it and runs it again. Returns undefined
   * if the person cancels. @throws whatever the action throws
   */
  withProof: <T>(action: () => Promise<T>) => Promise<T | undefined>;
  /** To be rendered. */
  proofDialog: ReactNode;
}

export function useProof(me: Me): Proving {
  const [asking, setAsking] = useState<{ end: (isProven: boolean) => void } | null>(null);

  async function withProof<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem) || thrown.code !== "proof_required") throw thrown;
    }
    const isProven = await new Promise<boolean>((resolve) => setAsking({ end: resolve }));
    setAsking(null);
    return isProven ? action() : undefined;
  }

  const proofDialog = asking && (
    <ProofDialog me={me} onProven={() => asking.end(true)} onClose={() => asking.end(false)} />
  );
  return { withProof, proofDialog };
}
