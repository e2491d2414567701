#!/usr/bin/perl
# Listens on the interface with the given index and writes one line per VRRP advertisement and gratuitous ARP:
#   TIME advert PRIORITY SOURCE     or     TIME garp ADDRESS MAC
# and, when a burst of announcements is over, TIME-OF-THE-FIRST burst COUNT ADDRESS is at MAC
use strict;
use warnings;
use Time::HiRes qw(time);
$| = 1;
socket(my $s, 17, 3, unpack("S", pack("n", 3))) or die "packet socket: $!";
bind($s, pack("SnlSCCa8", 17, 3, $ARGV[0], 0, 0, 0, "")) or die "bind: $!";
my ($count, $from, $text) = (0);
while (1) {
    vec(my $ready = "", fileno($s), 1) = 1;
    if ($count && !select($ready, undef, undef, 0.1)) {
        print "$from burst $count $text\n";
        $count = 0;
    }
    defined recv($s, my $b, 2048, 0) or next;
    my $now = sprintf "%.6f", time;
    my $type = unpack("x12 n", $b);
    if ($type == 0x0800 && unpack("x23 C", $b) == 112) {
        my $v = 14 + 4 * (unpack("x14 C", $b) & 15);
        print "$now advert ", unpack("C", substr($b, $v + 2, 1)), " ", join(".", unpack("x26 C4", $b)), "\n";
    } elsif ($type == 0x0806 && substr($b, 28, 4) eq substr($b, 38, 4)) {
        my ($address, $mac) = (join(".", unpack("x28 C4", $b)), join(":", unpack("x22 (H2)6", $b)));
        print "$now garp $address $mac\n";
        $from = $now unless $count++;
        $text = "$address is at $mac";
    }
}
