import { WaitlistLinkPage } from "@/features/waitlist/WaitlistLinkPage.tsx";
import { useLocation } from "@/lib/router/router.tsx";

/** `/waitlist#<token>`: the link of a mail. Behind the # the token appears neither in our log nor in a referrer. */
export default function Waitlist() {
  const { hash } = useLocation();
  return <WaitlistLinkPage key={hash} hash={hash} />;
}
