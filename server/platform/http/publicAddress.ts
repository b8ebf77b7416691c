import { BlockList, isIPv4 } from "node:net";

/**
 * IPv4 that is not of the public internet: the IANA special-purpose registry (RFC 6890), multicast and what is reserved.
 */
const privateIPv4 = new BlockList();
for (const range of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]) {
  addRange(privateIPv4, range, "ipv4");
}

/** All that may be public of IPv6, which leaves out loopback, mapped IPv4, NAT64, unique and link local addresses. */
const globalIPv6 = new BlockList();
addRange(globalIPv6, "2000::/3", "ipv6");
/** Of it: IETF protocols with Teredo, documentation, and 6to4, in which an IPv4 address is hidden. */
const privateIPv6 = new BlockList();
for (const range of ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]) {
  addRange(privateIPv6, range, "ipv6");
}

/** Whether an address is of the public internet, so that a request to it reaches nothing in our own network. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !privateIPv4.check(address, "ipv4");
  return globalIPv6.check(address, "ipv6") && !privateIPv6.check(address, "ipv6");
}

function addRange(list: BlockList, range: string, family: "ipv4" | "ipv6"): void {
  const [net = "", bits] = range.split("/");
  list.addSubnet(net, Number(bits), family);
}
