using System;
using System.Buffers.Binary;
using Vrrpd.Core;
using Vrrpd.Native.Netlink;

namespace Vrrpd.Native.Firewall;

/// <summary>
/// Writes one batch of nf_tables requests, which the kernel carries out wholly or not at all. Numbers are in network order, as nf_tables
/// has them; what stands in registers is as the packet or the interface table has it.
/// </summary>
internal ref struct NftWriter
{
    /// <summary>The first two 16-byte registers; a key over both may be looked up in one.</summary>
    public const uint Reg1 = 1, Reg2 = 2;

    /// <summary>nft's number for keys that are interfaces (iface_index).</summary>
    public const uint TypeIndex = 20;

    private readonly string _table;
    private readonly byte _family;
    private readonly bool _counts;
    private NetlinkWriter _writer;
    private int _expressions;
    private int _elements;
    private uint _setId;

    /// <param name="target">Holds the batch; what does not fit ends it, see <see cref="Overflowed"/>.</param>
    /// <param name="table">Its name.</param>
    /// <param name="family">NFPROTO_*.</param>
    /// <param name="counts">Every rule counts what it matches.</param>
    public NftWriter(Span<byte> target, string table, byte family, bool counts)
    {
        (_table, _family, _counts) = (table, family, counts);
        _writer = new NetlinkWriter(target);
        Bracket(Libc.NFNL_MSG_BATCH_BEGIN);
    }

    /// <summary>Sequence of the message that the kernel confirms.</summary>
    public const uint LastSequence = 0x7672_7270;

    public readonly int Length => _writer.Length;

    public bool Overflowed { readonly get; private set; }

    /// <summary>Ends the batch. The confirmation is asked for with an empty change of the table, which is there by then.</summary>
    public void End()
    {
        Begin(Libc.NFT_MSG_NEWTABLE, Libc.NLM_F_ACK, LastSequence);
        _writer.Text(Libc.NFTA_TABLE_NAME, _table);
        EndMessage();
        Bracket(Libc.NFNL_MSG_BATCH_END);
    }

    public void NewTable()
    {
        Begin(Libc.NFT_MSG_NEWTABLE, Libc.NLM_F_CREATE);
        _writer.Text(Libc.NFTA_TABLE_NAME, _table);
        EndMessage();
    }

    /// <param name="confirmed">It is the last of the batch, because the table is no more.</param>
    public void DeleteTable(bool confirmed)
    {
        Begin(Libc.NFT_MSG_DELTABLE, confirmed ? Libc.NLM_F_ACK : (ushort)0, confirmed ? LastSequence : 0);
        _writer.Text(Libc.NFTA_TABLE_NAME, _table);
        EndMessage();
        if (confirmed)
        {
            Bracket(Libc.NFNL_MSG_BATCH_END);
        }
    }

    /// <summary>A chain that packets come to by a hook, or, without one, only by goto.</summary>
    public void Chain(string name, uint? hook, int priority)
    {
        Begin(Libc.NFT_MSG_NEWCHAIN, Libc.NLM_F_CREATE);
        _writer.Text(Libc.NFTA_CHAIN_TABLE, _table);
        _writer.Text(Libc.NFTA_CHAIN_NAME, name);
        if (hook is uint number)
        {
            int nest = BeginNest(Libc.NFTA_CHAIN_HOOK);
            Number(Libc.NFTA_HOOK_HOOKNUM, number);
            Number(Libc.NFTA_HOOK_PRIORITY, (uint)priority);
            _writer.EndNest(nest);
            Number(Libc.NFTA_CHAIN_POLICY, Libc.NF_ACCEPT);
            _writer.Text(Libc.NFTA_CHAIN_TYPE, "filter");
        }

        EndMessage();
    }

    /// <summary>A set of keys, or a map when its data has a length.</summary>
    /// <param name="keyType">nft's number of the type, for those who list it.</param>
    public void Set(string name, uint flags, uint keyType, uint keyLength, uint dataType = 0, uint dataLength = 0)
    {
        Begin(Libc.NFT_MSG_NEWSET, Libc.NLM_F_CREATE);
        _writer.Text(Libc.NFTA_SET_TABLE, _table);
        _writer.Text(Libc.NFTA_SET_NAME, name);
        Number(Libc.NFTA_SET_FLAGS, flags | (dataLength > 0 ? Libc.NFT_SET_MAP : 0));
        Number(Libc.NFTA_SET_KEY_TYPE, keyType);
        Number(Libc.NFTA_SET_KEY_LEN, keyLength);
        if (dataLength > 0)
        {
            Number(Libc.NFTA_SET_DATA_TYPE, dataType);
            Number(Libc.NFTA_SET_DATA_LEN, dataLength);
        }

        if (keyType == TypeIndex)
        {
            // For those who list it: key and data are numbers in the order of this machine.
            _writer.Bytes(Libc.NFTA_SET_USERDATA, [0, sizeof(int), 1, 0, 0, 0, 1, sizeof(int), 1, 0, 0, 0]);
        }

        Number(Libc.NFTA_SET_ID, ++_setId);
        EndMessage();
    }

    /// <summary>Elements of a set are added to it, or taken out of it.</summary>
    public void BeginElements(string set, bool add)
    {
        Begin(add ? Libc.NFT_MSG_NEWSETELEM : Libc.NFT_MSG_DELSETELEM, add ? Libc.NLM_F_CREATE : (ushort)0);
        _writer.Text(Libc.NFTA_SET_ELEM_LIST_TABLE, _table);
        _writer.Text(Libc.NFTA_SET_ELEM_LIST_SET, set);
        _elements = BeginNest(Libc.NFTA_SET_ELEM_LIST_ELEMENTS);
    }

    public void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> data = default)
    {
        int nest = BeginNest(Libc.NFTA_LIST_ELEM);
        Data(Libc.NFTA_SET_ELEM_KEY, key);
        if (!data.IsEmpty)
        {
            Data(Libc.NFTA_SET_ELEM_DATA, data);
        }

        _writer.EndNest(nest);
    }

    public void EndElements()
    {
        _writer.EndNest(_elements);
        EndMessage();
    }

    public void BeginRule(string chain)
    {
        Begin(Libc.NFT_MSG_NEWRULE, Libc.NLM_F_CREATE | Libc.NLM_F_APPEND);
        _writer.Text(Libc.NFTA_RULE_TABLE, _table);
        _writer.Text(Libc.NFTA_RULE_CHAIN, chain);
        _expressions = BeginNest(Libc.NFTA_RULE_EXPRESSIONS);
    }

    /// <summary>Bytes of the packet into a register.</summary>
    public void Payload(uint register, uint from, uint offset, uint length)
    {
        Nest expression = BeginExpression("payload");
        Number(Libc.NFTA_PAYLOAD_DREG, register);
        Number(Libc.NFTA_PAYLOAD_BASE, from);
        Number(Libc.NFTA_PAYLOAD_OFFSET, offset);
        Number(Libc.NFTA_PAYLOAD_LEN, length);
        EndExpression(expression);
    }

    public void Meta(uint register, uint key)
    {
        Nest expression = BeginExpression("meta");
        Number(Libc.NFTA_META_DREG, register);
        Number(Libc.NFTA_META_KEY, key);
        EndExpression(expression);
    }

    /// <summary>Goes on only if the register is equal.</summary>
    public void Equal(uint register, scoped ReadOnlySpan<byte> value)
    {
        Nest expression = BeginExpression("cmp");
        Number(Libc.NFTA_CMP_SREG, register);
        Number(Libc.NFTA_CMP_OP, 0);
        Data(Libc.NFTA_CMP_DATA, value);
        EndExpression(expression);
    }

    public void Mask(uint register, scoped ReadOnlySpan<byte> mask)
    {
        Span<byte> nothing = stackalloc byte[mask.Length];
        nothing.Clear();
        Nest expression = BeginExpression("bitwise");
        Number(Libc.NFTA_BITWISE_SREG, register);
        Number(Libc.NFTA_BITWISE_DREG, register);
        Number(Libc.NFTA_BITWISE_LEN, (uint)mask.Length);
        Data(Libc.NFTA_BITWISE_MASK, mask);
        Data(Libc.NFTA_BITWISE_XOR, nothing);
        EndExpression(expression);
    }

    /// <summary>Goes on only if the register is in the set; of a map its value goes into the other register.</summary>
    public void Lookup(uint register, string set, uint into = 0)
    {
        Nest expression = BeginExpression("lookup");
        _writer.Text(Libc.NFTA_LOOKUP_SET, set);
        Number(Libc.NFTA_LOOKUP_SREG, register);
        if (into != 0)
        {
            Number(Libc.NFTA_LOOKUP_DREG, into);
        }

        EndExpression(expression);
    }

    /// <summary>A copy of the packet to that address over that device.</summary>
    public void Duplicate(uint address, uint device)
    {
        Nest expression = BeginExpression("dup");
        Number(Libc.NFTA_DUP_SREG_ADDR, address);
        Number(Libc.NFTA_DUP_SREG_DEV, device);
        EndExpression(expression);
    }

    /// <summary>Counts, if rules shall.</summary>
    public void Count()
    {
        if (_counts)
        {
            EndExpression(BeginExpression("counter"));
        }
    }

    /// <summary>Ends the rule with a verdict: NF_DROP, NF_ACCEPT, or NFT_GOTO a chain.</summary>
    public void Verdict(int code, string chain = "")
    {
        Nest expression = BeginExpression("immediate");
        Number(Libc.NFTA_IMMEDIATE_DREG, 0);
        int data = BeginNest(Libc.NFTA_IMMEDIATE_DATA);
        int verdict = BeginNest(Libc.NFTA_DATA_VERDICT);
        Number(Libc.NFTA_VERDICT_CODE, (uint)code);
        if (chain.Length > 0)
        {
            _writer.Text(Libc.NFTA_VERDICT_CHAIN, chain);
        }

        _writer.EndNest(verdict);
        _writer.EndNest(data);
        EndExpression(expression);
        _writer.EndNest(_expressions);
        EndMessage();
    }

    private void Bracket(ushort type)
    {
        _writer.Begin(type, Libc.NLM_F_REQUEST, 0);
        _writer.Append(new NetfilterHeader { ResourceId = BinaryPrimitives.ReverseEndianness(Libc.NFNL_SUBSYS_NFTABLES) });
        EndMessage();
    }

    private void Begin(ushort message, ushort flags, uint sequence = 0)
    {
        _writer.Begin((ushort)(Libc.NFNL_SUBSYS_NFTABLES << 8 | message), (ushort)(Libc.NLM_F_REQUEST | flags), sequence);
        _writer.Append(new NetfilterHeader { Family = _family });
    }

    private void EndMessage() => Overflowed |= !_writer.End();

    private int BeginNest(ushort type) => _writer.BeginNest((ushort)(type | Libc.NLA_F_NESTED));

    private Nest BeginExpression(string name)
    {
        int element = BeginNest(Libc.NFTA_LIST_ELEM);
        _writer.Text(Libc.NFTA_EXPR_NAME, name);
        return new Nest(element, BeginNest(Libc.NFTA_EXPR_DATA));
    }

    private readonly void EndExpression(Nest expression)
    {
        _writer.EndNest(expression.Data);
        _writer.EndNest(expression.Element);
    }

    private void Number(ushort type, uint number) => _writer.Number(type, BinaryPrimitives.ReverseEndianness(number));

    private void Data(ushort type, scoped ReadOnlySpan<byte> value)
    {
        int nest = BeginNest(type);
        _writer.Bytes(Libc.NFTA_DATA_VALUE, value);
        _writer.EndNest(nest);
    }

    private readonly record struct Nest(int Element, int Data);
}
