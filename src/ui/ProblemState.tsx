import { CloudOff, TriangleAlert } from "lucide-react";
import { controls } from "#words/controls.ts";
import { reference, unexpected } from "#words/problems.ts";
import { ApiProblem } from "@/lib/api.ts";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

/** A failed query: the reason, a button to try again, and the reference for support. */
export function ProblemState({
  title,
  error,
  onRetry,
}: {
  title: string;
  error: Error;
  onRetry?: () => void;
}) {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <div role="alert">
      <EmptyState Icon={problem?.code === "network" ? CloudOff : TriangleAlert} title={title}>
        <p>{problem?.detail ?? unexpected}</p>
        {onRetry && (
          <Button variant="secondary" onClick={onRetry}>
            {controls.tryAgain}
          </Button>
        )}
        {problem?.said.request_id && <p className="text-sm">{reference(problem.said.request_id)}</p>}
      </EmptyState>
    </div>
  );
}
