import { useEffect, useState } from "react";
import { codeField } from "#words/codes.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";

/** s; a mail takes a while, and a new code ends the one before. */
const pause = 30;

/** Sends a new code, some seconds after the last one. */
export function SendAgain({ send }: { send: () => Promise<unknown> }) {
  const [left, setLeft] = useState(pause);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const again = useAction(
    async () => {
      await send();
      setLeft(pause);
      toast.success(codeField.sentAgain);
    },
    { failure: codeField.failed },
  );
  return (
    <Button
      variant="link"
      size="inline"
      disabled={left > 0}
      pending={again.isPending}
      onClick={again.run}
      className="tabular-nums"
    >
      {left > 0 ? codeField.againIn(left) : codeField.again}
    </Button>
  );
}
