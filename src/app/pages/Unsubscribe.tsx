import { UnsubscribePage } from "@/features/notifications/UnsubscribePage.tsx";
import { useParams } from "@/lib/router/router.tsx";

/** `/unsubscribe/:token`: opening it changes nothing, as programs that check mails for bad links open it too. */
export default function Unsubscribe() {
  const { token = "" } = useParams();
  return <UnsubscribePage key={token} token={token} />;
}
