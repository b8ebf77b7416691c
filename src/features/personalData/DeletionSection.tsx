import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { deletionSection } from "#words/personalData.ts";
import { AccountSection } from "@/features/accounts/settings/AccountSection.tsx";
import { Button } from "@/ui/Button.tsx";
import { DeleteAccountDialog } from "./DeleteAccountDialog.tsx";

export function DeletionSection({ me }: { me: Me }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <AccountSection id="delete" lead={deletionSection.lead}>
      <Button variant="danger" onClick={() => setIsOpen(true)}>
        {deletionSection.open}
      </Button>
      {isOpen && <DeleteAccountDialog me={me} onClose={() => setIsOpen(false)} />}
    </AccountSection>
  );
}
