#!/usr/bin/perl
# Listens on the interface with the given index and writes one line per VRRP advertisement and gratuitous ARP:
#   TIME advert PRIORITY SOURCE     or     TIME garp ADDRESS MAC
use strict;
use warnings;
use Time::HiRes qw(time);
$| = 1;
socket(my $s, 17, 3, unpack("S", pack("n", 3))) or die "packet socket: $!";
bind($s, pack("SnlSCCa8", 17, 3, $ARGV[0], 0, 0, 0, "")) or die "bind: $!";
while (1) {
    defined recv($s, my $b, 2048, 0) or next;
    my $now = sprintf "%.6f", time;
    my $type = unpack("x12 n", $b);
    if ($type == 0x0800 && unpack("x23 C", $b) == 112) {
        my $v = 14 + 4 * (unpack("x14 C", $b) & 15);
        print "$now advert ", unpack("C", substr($b, $v + 2, 1)), " ", join(".", unpack("x26 C4", $b)), "\n";
    } elsif ($type == 0x0806 && substr($b, 28, 4) eq substr($b, 38, 4)) {
        print "$now garp ", join(".", unpack("x28 C4", $b)), " ", join(":", unpack("x22 (H2)6", $b)), "\n";
    }
}
