using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>struct nfgenmsg (linux/netfilter/nfnetlink.h); the resource id in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetfilterHeader
{
    public byte Family;
    public byte Version;
    public ushort ResourceId;
}

/// <summary>linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h, linux/netfilter.h: numbers only.</summary>
internal static partial class Libc
{
    public const ushort NFNL_MSG_BATCH_BEGIN = 0x10, NFNL_MSG_BATCH_END = 0x11, NFNL_SUBSYS_NFTABLES = 10;
    public const byte NFPROTO_IPV4 = 2, NFPROTO_IPV6 = 10;
    public const uint NF_INET_LOCAL_IN = 1, NF_INET_LOCAL_OUT = 3;

    public const ushort NFT_MSG_NEWTABLE = 0, NFT_MSG_DELTABLE = 2, NFT_MSG_NEWCHAIN = 3, NFT_MSG_NEWRULE = 6, NFT_MSG_NEWSET = 9,
        NFT_MSG_NEWSETELEM = 12, NFT_MSG_DELSETELEM = 14;

    public const ushort NFTA_TABLE_NAME = 1;
    public const ushort NFTA_HOOK_HOOKNUM = 1, NFTA_HOOK_PRIORITY = 2;
    public const ushort NFTA_CHAIN_TABLE = 1, NFTA_CHAIN_NAME = 3, NFTA_CHAIN_HOOK = 4, NFTA_CHAIN_POLICY = 5, NFTA_CHAIN_TYPE = 7;
    public const ushort NFTA_RULE_TABLE = 1, NFTA_RULE_CHAIN = 2, NFTA_RULE_EXPRESSIONS = 4;
    public const ushort NFTA_SET_TABLE = 1, NFTA_SET_NAME = 2, NFTA_SET_FLAGS = 3, NFTA_SET_KEY_TYPE = 4, NFTA_SET_KEY_LEN = 5,
        NFTA_SET_DATA_TYPE = 6, NFTA_SET_DATA_LEN = 7, NFTA_SET_ID = 10, NFTA_SET_USERDATA = 13;
    public const ushort NFTA_SET_ELEM_LIST_TABLE = 1, NFTA_SET_ELEM_LIST_SET = 2, NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    public const ushort NFTA_SET_ELEM_KEY = 1, NFTA_SET_ELEM_DATA = 2;
    public const ushort NFTA_LIST_ELEM = 1, NFTA_EXPR_NAME = 1, NFTA_EXPR_DATA = 2, NFTA_DATA_VALUE = 1, NFTA_DATA_VERDICT = 2;
    public const ushort NFTA_VERDICT_CODE = 1, NFTA_VERDICT_CHAIN = 2;
    public const ushort NFTA_IMMEDIATE_DREG = 1, NFTA_IMMEDIATE_DATA = 2;
    public const ushort NFTA_PAYLOAD_DREG = 1, NFTA_PAYLOAD_BASE = 2, NFTA_PAYLOAD_OFFSET = 3, NFTA_PAYLOAD_LEN = 4;
    public const ushort NFTA_CMP_SREG = 1, NFTA_CMP_OP = 2, NFTA_CMP_DATA = 3;
    public const ushort NFTA_BITWISE_SREG = 1, NFTA_BITWISE_DREG = 2, NFTA_BITWISE_LEN = 3, NFTA_BITWISE_MASK = 4, NFTA_BITWISE_XOR = 5;
    public const ushort NFTA_META_DREG = 1, NFTA_META_KEY = 2;
    public const ushort NFTA_LOOKUP_SET = 1, NFTA_LOOKUP_SREG = 2, NFTA_LOOKUP_DREG = 3;
    public const ushort NFTA_DUP_SREG_ADDR = 1, NFTA_DUP_SREG_DEV = 2;

    public const uint NFT_SET_CONSTANT = 2, NFT_SET_MAP = 8;
    public const uint NFT_META_IIF = 4, NFT_META_OIF = 5, NFT_META_L4PROTO = 16;
    public const uint NFT_PAYLOAD_NETWORK_HEADER = 1, NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    public const uint NF_DROP = 0, NF_ACCEPT = 1;
    public const int NFT_GOTO = -4;
}
