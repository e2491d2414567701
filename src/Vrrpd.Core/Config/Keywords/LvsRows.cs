using System;

namespace Vrrpd.Core.Config;

/// <summary>The load balancer and its health checks. The columns are explained at <see cref="ConfigKeywords"/>.</summary>
internal static class LvsRows
{
    public static ReadOnlySpan<byte> Text => """
        [root]
        virtual_server_group  NAME  lines summed  addresses and marks that virtual servers share
        virtual_server  ADDR|fwmark|group=TEXT [PORT|MARK|NAME=TEXT]  block free summed need=1  a service that is spread over real servers
        SSL  -  block summed  what checks over TLS show of themselves

        [virtual_server_group]  addresses and marks of a virtual server
        *       ADDR|ADDR-LAST|ADDR/LEN=TEXT [PORT=int:0..65535]  free  an address, or a range as 10.0.0.1-9, 10.0.0.250-10.0.1.5, 10.0.0.0/28
        fwmark  MARK=int:0..max [inet|inet6]  free  packets that netfilter has marked; the family where real servers are tunnelled

        [virtual_server]  a service that is spread over real servers
        real_server      ADDR [PORT=int:0..65535]  block free need=1  a server that does the work
        ip_family        inet|inet6  default=inet  family of a fwmark service with tunnelled servers !unknown address family %v
        lb_algo          rr|wrr|lc|wlc|lblc|lblcr|sh|mh|dh|fo|ovf|sed|nq|twos  default=wlc  how a server is chosen
            !Invalid lvs_scheduler '%v' - ignoring
        lvs_sched        rr|wrr|lc|wlc|lblc|lblcr|sh|mh|dh|fo|ovf|sed|nq|twos  default=wlc same=lb_algo  how a server is chosen
            !Invalid lvs_scheduler '%v' - ignoring
        lb_kind          METHOD=TEXT [type ipip|gue|gre] [port PORT=int:1..65535] [nocsum|csum|remcsum]  free need=1 default=NAT
              how packets reach a server: NAT, DR or TUN; the rest is for TUN
        lvs_method       METHOD=TEXT [type ipip|gue|gre] [port PORT=int:1..65535] [nocsum|csum|remcsum]  free need=1 default=NAT same=lb_kind
              how packets reach a server: NAT, DR or TUN; the rest is for TUN
        hashed           -  -  sh: look at ports too
        ops              -  -  UDP: choose anew for every packet
        flag-1           -  -  scheduler flag 1
        flag-2           -  -  scheduler flag 2
        flag-3           -  -  scheduler flag 3
        sh-port          -  -  sh: look at ports too
        sh-fallback      -  -  sh: take another server when the chosen one is down
        mh-port          -  -  mh: look at ports too
        mh-fallback      -  -  mh: take another server when the chosen one is down
        protocol         ~TCP|UDP|SCTP  default=UDP  what is balanced !Unknown protocol %v - ignoring
        persistence_engine       NAME  -  what a client is known by; at most 16 characters, the kernel has sip
        persistence_timeout      [int:1..2678400s]  -  a client keeps its server that long; 360 without a number !persistence_timeout invalid
        persistence_granularity  NETMASK=TEXT  free  clients of one network keep one server: a mask, or for IPv6 a prefix length 1..128
        ha_suspend       -  -  no checks while the virtual address is not on this host
        smtp_alert       [BOOL]  -  mail when the quorum comes or goes !Invalid virtual_server smtp_alert parameter %v
        virtualhost      NAME  soft  host of HTTP requests ?virtual server virtualhost missing
        snmp_name        NAME  soft  its name in SNMP ?virtual server snmp_name missing or extra parameters
        alpha            -  -  real servers are down until a check finds them up
        omega            -  -  at the end scripts are told that all is down
        quorum           WEIGHT=int:1..max  default=1  weight of live servers that is enough !Quorum %v must be in [1, 4294967295]. Setting to 1.
        hysteresis       WEIGHT=int:0..max  default=0  so much more to gain the quorum, so much less to lose it
            !Hysteresis %v must be in [0, 4294967295] - ignoring
        quorum_up        CMD [USER]  first  run when the quorum is gained
        quorum_down      CMD [USER]  first  run when the quorum is lost
        weight           int:1..2147483647  default=1  of real servers that name none !Virtual server weight %v is outside range 1-2147483647
        sorry_server     ADDR [PORT=int:0..65535]  free need=1  serves while the quorum is not reached
        sorry_server_inhibit     -  -  the sorry server gets weight 0 instead of being taken out
        sorry_server_lvs_method  METHOD=TEXT [type ipip|gue|gre] [port PORT=int:1..65535] [nocsum|csum|remcsum]  free need=1
              how packets reach the sorry server
        delay_loop       sec:0.000001..18446744073709.551614  default=60  from check to check !virtual server delay loop '%v' invalid - ignoring
        connect_timeout  sec:0.000001..4294.967295  default=5  a check gives up connecting !virtual server connect_timeout %v invalid - ignoring
        retry            int:1..max  default=1  failures in a row that are forgiven; DNS_CHECK 3, MISC_CHECK 0 !retry value invalid - %v
        delay_before_retry  sec:0..18446744073709.551614  default=1  until the check is repeated; HTTP_GET and SSL_GET 3, DNS_CHECK delay_loop
            !virtual server delay before retry '%v' invalid - ignoring
        warmup           sec:0..18446744073709.551614  -  random wait before the first check, default delay_loop
            !virtual server warmup '%v' invalid - ignoring
        inhibit_on_failure  -  -  a server that fails gets weight 0 instead of being taken out

        [real_server]  a server that does the work
        HTTP_GET         -  block  a page is as it should be
        SSL_GET          -  block opens=HTTP_GET  a page over TLS is as it should be
        TCP_CHECK        -  block  the port accepts connections
        SMTP_CHECK       -  block  the mail server greets
        DNS_CHECK        -  block  the name server answers
        MISC_CHECK       -  block  a script says so
        BFD_CHECK        -  block  the BFD session is up
        PING_CHECK       -  block  the host answers a ping
        UDP_CHECK        -  block  the port takes datagrams
        FILE_CHECK       -  block  a number in a file says so
        weight           int:0..2147483647  default=1  share of the work; 0 for none !Real server weight %v is outside range 0-2147483647
        lvs_method       METHOD=TEXT [type ipip|gue|gre] [port PORT=int:1..65535] [nocsum|csum|remcsum]  free need=1
              how packets reach it, default as the virtual server's
        uthreshold       CONNECTIONS=int:0..max  -  no more than that many !Invalid real_server uthreshold '%v' - ignoring
        lthreshold       CONNECTIONS=int:0..max  -  back in service below that many !Invalid real_server lthreshold '%v' - ignoring
        inhibit_on_failure  [BOOL]  -  weight 0 instead of being taken out !Invalid inhibit_on_failure parameter %v
        notify_up        CMD [USER]  first  run when it comes up
        notify_down      CMD [USER]  first  run when it goes down
        alpha            [BOOL]  -  down until a check finds it up !Invalid alpha parameter %v
        retry            int:1..max  -  failures in a row that are forgiven !retry value invalid - %v
        delay_before_retry  sec:0..18446744073709.551614  -  until a failed check is repeated
            !real server delay_before_retry '%v' invalid - ignoring
        warmup           sec:0..18446744073709.551614  -  random wait before the first check !real server warmup '%v' invalid - ignoring
        connect_timeout  sec:0.000001..4294.967295  -  a check gives up connecting !real server connect_timeout %v invalid - ignoring
        delay_loop       sec:0.000001..18446744073709.551614  -  from check to check !real server delay_loop '%v' invalid - ignoring
        smtp_alert       [BOOL]  -  mail when it comes or goes !Invalid real_server smtp_alert parameter %v
        virtualhost      NAME  soft  host of HTTP requests ?real server virtualhost missing
        snmp_name        NAME  soft  its name in SNMP ?real server snmp_name missing or extra parameters

        [HTTP_GET]  asks a web server for pages
        url              -  block  a page; they are asked for in turn
        nb_get_retry     int:0..max  deprecated same=retry  failures in a row that are forgiven !Invalid nb_get_retry value '%v'
        virtualhost      NAME  soft  host of the requests ?HTTP_GET virtualhost name missing
        http_protocol    ~1.0|1.0C|1.1  soft default=1.0  1.0C is 1.0 with "Connection: close" ?Missing http_protocol version
            !Invalid http_protocol version %v
        enable_sni       -  -  SSL_GET: name the host in the handshake
        sni_name         NAME  since=2.4  SSL_GET: this name in the handshake
        tls_compliant    -  since=2.2.8  SSL_GET: say goodbye as TLS wants it
        fast_recovery    [BOOL]  -  at the start and after a failure ask for all pages without delay !Invalid fast_recovery parameter %v

        [url]  a page that a check asks for
        path             PATH  -  the path of the request
        digest           MD5=TEXT  free need=1  what the page's MD5 must be, 32 hex digits
        status_code      CODE|FIRST-LAST=TEXT...  free need=0 default=200-299  what the server may answer, 100..599
        virtualhost      NAME  soft  host of the request ?Missing HTTP_GET virtualhost name
        regex            PATTERN=TEXT  free need=0  what must be found in the page (PCRE2)
        regex_no_match   -  -  what must not be found
        regex_options    OPTION=TEXT...  free need=0  options of PCRE2 in lower case, as caseless
        regex_min_offset  BYTES=TEXT  free need=0  the search starts here
        regex_max_offset  BYTES=TEXT  free need=0  a match must start before
        regex_stack      START=TEXT MAX=TEXT  free need=0  bytes of stack for the search
        tls_compliant    -  since=2.2.8  SSL_GET: say goodbye as TLS wants it

        [TCP_CHECK]  connects

        [PING_CHECK]  pings

        [SMTP_CHECK]  speaks to a mail server
        helo_name        NAME  soft  how it introduces itself, default smtp_helo_name ?SMTP_CHECK helo name missing
        host             -  block  another server to ask; write a further SMTP_CHECK instead

        [host]  a mail server to ask

        [DNS_CHECK]  asks a name server
        type             ~A|NS|CNAME|SOA|MX|TXT|AAAA  default=SOA  what it asks for !Unknown DNS check type %v - ignoring
        name             NAME  default=.  whose record it asks for

        [UDP_CHECK]  sends a datagram
        payload          HEX=REST  soft  bytes to send, default random ones ?UDP_CHECK payload requires a payload
        require_reply    [HEX=REST]  -  an answer must come, and begin with these bytes; x for any digit
        min_reply_length  int:0..65535bytes  default=0  of the answer !UDP_CHECK min length %v not valid - must be between 0 & 65535
        max_reply_length  int:0..65535bytes  default=255  of the answer !UDP_CHECK max length %v not valid - must be between 0 & 65535

        [MISC_CHECK]  runs a script: 0 is good, 1 is bad, and with misc_dynamic 2..255 are weights 0..253
        misc_path        CMD [USER]  need=0  the script with its arguments
        misc_timeout     int:0..4294s  default=delay_loop  then it has failed !Invalid misc_timeout value '%v'
        misc_dynamic     -  -  the exit status sets the weight
        user             USER  soft  who runs it, default script_user ?No user specified for misc checker script

        [BFD_CHECK]  follows a BFD session
        name             NAME  need=0  the bfd_instance
        alpha            [BOOL]  -  down until the session is up !Invalid alpha parameter %v

        [FILE_CHECK]  follows a number in a file
        track_file       NAME  -  the track_file block
        weight           int:-2147483647..2147483647 [reverse=TEXT]  soft default=1  what the number is multiplied with
            ?track file weight missing !weight for track file must be in [-2147483647..2147483647] inclusive. Ignoring...

        [HTTP_GET TCP_CHECK PING_CHECK SMTP_CHECK host DNS_CHECK UDP_CHECK]
        connect_ip       ADDR  -  connect to this instead of the real server's address !Invalid connect_ip address %v - ignoring
        connect_port     int:1..65535  -  and to this port !Invalid checker connect_port '%v'
        bindto           ADDR  -  connect from this address !Invalid bindto address %v - ignoring
        bind_port        int:1..65535  -  and from this port !Invalid checker bind_port '%v'
        bind_if          IF  -  and over this interface, which link-local addresses need !Interface name %v is too long - ignoring
        connect_timeout  sec:0.000001..4294.967295  -  gives up connecting !connect_timeout %v invalid - ignoring
        fwmark           MARK=int:0..max  -  mark of its packets !Invalid fwmark connection value '%v'

        [HTTP_GET TCP_CHECK PING_CHECK SMTP_CHECK host DNS_CHECK UDP_CHECK MISC_CHECK]
        alpha            [BOOL]  -  down until the check finds it up !Invalid alpha parameter %v
        retry            int:0..max  -  failures in a row that are forgiven !Invalid retry connection value '%v'
        delay_before_retry  sec:0..18446744073709.551614  -  until a failed check is repeated !Invalid delay_before_retry connection value '%v'
        warmup           sec:0..18446744073709.551614  -  random wait before the first check !Invalid warmup connection value '%v'
        delay_loop       sec:0.000001..18446744073709.551614  -  from check to check !delay_loop '%v' is invalid - ignoring
        log_all_failures  [BOOL]  -  log failures that are forgiven too !Invalid log_all_failures parameter %v

        [SSL]  what checks over TLS show of themselves
        password         TEXT  soft secret  of the key ?SSL password missing
        ca               PATH  soft  file of certificate authorities ?SSL cafile missing
        certificate      PATH  soft  file of the certificate ?SSL certfile missing
        key              PATH  soft  file of the key ?SSL keyfile missing
        """u8;
}
