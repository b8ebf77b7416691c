import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { typedCode } from "#contract/patterns.ts";
import { codeField } from "#words/codes.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { useAction } from "@/ui/useAction.ts";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { confirmOwnAddress, sendConfirmationCode } from "./api.ts";

/** The form for the code that confirms the own address. A code is sent when it opens, unless one is on its way. */
export function useConfirmAddress(onConfirmed: () => void) {
  const queryClient = useQueryClient();
  const form = useSavingForm({
    defaultValues: { code: "" },
    save: async ({ code }: { code: string }) => {
      const me = await confirmOwnAddress(typedCode(code));
      queryClient.setQueryData(queryKeys.me, tabPerson.meet(me));
      void queryClient.invalidateQueries({ queryKey: ["own", me.id] });
      onConfirmed();
    },
  });
  const first = useAction(() => sendConfirmationCode(true), { failure: codeField.failed });
  const sendFirst = useEffectEvent(() => void first.run());
  useEffect(() => sendFirst(), []);
  return form;
}
