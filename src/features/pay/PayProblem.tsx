import { payProblems } from "#words/payments.ts";
import { reference } from "#words/problems.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { Alert } from "@/ui/Alert.tsx";

type PayProblemProps = {
  /** Why the last attempt failed, in the provider's words. */
  failure: string | null;
  /** Why the provider's page could not be opened; it is about the latest click. */
  problem: ApiProblem | null;
  /** A time is held while it is paid for. */
  isHeld: boolean;
};

/** Why nothing is paid yet, and that it can be tried again. */
export function PayProblem({ failure, problem, isHeld }: PayProblemProps) {
  if (problem) {
    const { title, text } = wordsOf(problem, isHeld);
    return (
      <Alert tone="warning" title={title}>
        <p className="text-sm">{text}</p>
        {problem.said.request_id && <p className="text-sm">{reference(problem.said.request_id)}</p>}
      </Alert>
    );
  }
  if (failure === null) return null;
  return (
    <Alert tone="bad" title={payProblems.failed}>
      {failure && <p>{failure}</p>}
      <p className="text-sm">{isHeld ? payProblems.nothingCharged : payProblems.nothingChargedYet}</p>
    </Alert>
  );
}

function wordsOf(problem: ApiProblem, isHeld: boolean): { title: string; text: string } {
  if (problem.code === "network") return { title: payProblems.offline, text: payProblems.offlineText };
  if (problem.code === "payment_provider_unavailable")
    return {
      title: payProblems.unavailable,
      text: isHeld ? payProblems.unavailableText : payProblems.laterText,
    };
  return { title: payProblems.notOpened, text: problem.detail };
}
