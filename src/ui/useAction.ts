import { useState } from "react";
import { failed, unexpected } from "#words/problems.ts";
import { ApiProblem } from "@/lib/api.ts";
import { toast } from "@/lib/toast.ts";

type ActionOptions = {
  /** Title of the toast; its description is the API's sentence. */
  failure?: string;
  /** No toast: the component shows `problem` itself. */
  inPlace?: boolean;
};

type Action<Args extends unknown[]> = {
  /** Whether the action succeeded. @throws whatever is not an `ApiProblem` */
  run: (...args: Args) => Promise<boolean>;
  isPending: boolean;
  /** What the action was called with, while it is pending. */
  pendingArgs: Args | null;
  /** Why the last call failed. */
  problem: ApiProblem | null;
};

/** A call of the API that a person starts: is it pending, and why did it fail. */
export function useAction<Args extends unknown[]>(
  action: (...args: Args) => Promise<unknown> | unknown,
  { failure, inPlace = false }: ActionOptions = {},
): Action<Args> {
  const [pendingArgs, setPendingArgs] = useState<Args | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const run = async (...args: Args): Promise<boolean> => {
    setPendingArgs(args);
    setProblem(null);
    try {
      await action(...args);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      setProblem(thrown);
      if (!inPlace) toastProblem(thrown, failure);
      return false;
    } finally {
      setPendingArgs(null);
    }
  };
  return { run, isPending: pendingArgs !== null, pendingArgs, problem };
}

/** For a mutation's `onError`, and for calls outside a component. */
export function toastProblem(problem: unknown, title: string = failed): void {
  toast.error(title, { description: problem instanceof ApiProblem ? problem.detail : unexpected });
}
