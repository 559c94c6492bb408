package dev.tandem.sources;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Which addresses are of the public internet, by IANA's registries of special-purpose addresses. Everything else is refused:
 * this machine, the networks that it stands in, and what reaches either through another notation.
 */
final class Addresses {

    /** Network and length of its prefix: all of IPv4 that is not global unicast. */
    private static final int[][] SPECIAL = {
        {0, 8}, // this network
        {10 << 24, 8}, // private
        {100 << 24 | 64 << 16, 10}, // shared by carriers
        {127 << 24, 8}, // loopback
        {169 << 24 | 254 << 16, 16}, // link-local, and where clouds keep credentials
        {172 << 24 | 16 << 16, 12}, // private
        {192 << 24, 24}, // protocol assignments
        {192 << 24 | 2 << 8, 24}, // documentation
        {192 << 24 | 88 << 16 | 99 << 8, 24}, // 6to4 relays
        {192 << 24 | 168 << 16, 16}, // private
        {198 << 24 | 18 << 16, 15}, // benchmarks
        {198 << 24 | 51 << 16 | 100 << 8, 24}, // documentation
        {203 << 24 | 113 << 8, 24}, // documentation
        {224 << 24, 4}, // multicast
        {240 << 24, 4}, // reserved, broadcast
    };

    private Addresses() {}

    static boolean isPublic(InetAddress address) {
        return switch (address) {
            case Inet4Address v4 -> isPublic(number(v4.getAddress(), 0));
            case Inet6Address v6 -> isPublic(v6.getAddress());
            default -> false;
        };
    }

    private static boolean isPublic(int v4) {
        for (int[] network : SPECIAL) {
            if ((v4 ^ network[0]) >>> (32 - network[1]) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Global unicast is 2000::/3, and of that neither tunnels, which end anywhere, nor documentation. */
    private static boolean isPublic(byte[] v6) {
        int first = number(v6, 0);
        boolean global = first >>> 29 == 1;
        boolean protocols = first >>> 9 == 0x2001_0000 >>> 9; // 2001::/23: Teredo, ORCHID, benchmarks
        boolean documentation = first == 0x2001_0db8 || first >>> 12 == 0x3fff_0000 >>> 12;
        boolean sixToFour = first >>> 16 == 0x2002;
        return global && !protocols && !documentation && !sixToFour;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }
}
