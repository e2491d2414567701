using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Vrrpd.Core;

namespace Vrrpd.Native.Netlink;

/// <summary>One message of a netlink datagram, borrowed from its buffer.</summary>
internal readonly ref struct NetlinkMessage
{
    /// <summary>NLMSG_ALIGNTO and RTA_ALIGNTO.</summary>
    public const int Alignment = 4;

    /// <summary>sizeof(struct nlmsghdr).</summary>
    public const int HeaderBytes = 16;

    public NetlinkHeader Header { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public static int Align(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    /// <summary>The fixed structure at the front of the payload and the attributes behind it. False if it is too short.</summary>
    public bool TryRead<T>(out T head, out AttributeReader attributes) where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (Payload.Length < size)
        {
            head = default;
            attributes = default;
            return false;
        }

        head = MemoryMarshal.Read<T>(Payload);
        attributes = new AttributeReader(Payload[Math.Min(Align(size), Payload.Length)..]);
        return true;
    }

    /// <summary>
    /// The errno of an NLMSG_ERROR (0: an acknowledgement) or of an NLMSG_DONE that ends a failed dump; 0 where none is carried.
    /// </summary>
    public int Error => Payload.Length >= sizeof(int) ? -MemoryMarshal.Read<int>(Payload) : 0;
}

/// <summary>Walks the messages of a datagram. Junk ends the walk; it never throws.</summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool TryNext(out NetlinkMessage message)
    {
        message = default;
        if (_rest.Length < NetlinkMessage.HeaderBytes)
        {
            return false;
        }

        NetlinkHeader header = MemoryMarshal.Read<NetlinkHeader>(_rest);
        if (header.Length < NetlinkMessage.HeaderBytes || header.Length > (uint)_rest.Length)
        {
            _rest = default;
            return false;
        }

        int length = (int)header.Length;
        message = new NetlinkMessage { Header = header, Payload = _rest[NetlinkMessage.HeaderBytes..length] };
        _rest = _rest[Math.Min(NetlinkMessage.Align(length), _rest.Length)..];
        return true;
    }
}

/// <summary>Walks the attributes of a message. Junk ends the walk; it never throws.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>sizeof(struct rtattr).</summary>
    public const int HeaderBytes = 4;

    /// <summary>NLA_TYPE_MASK: without NLA_F_NESTED and NLA_F_NET_BYTEORDER.</summary>
    private const int TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = bytes;

    public bool TryNext(out int type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.Length < HeaderBytes)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderBytes || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        value = _rest[HeaderBytes..length];
        _rest = _rest[Math.Min(NetlinkMessage.Align(length), _rest.Length)..];
        return true;
    }
}

/// <summary>
/// Writes messages one after the other into the caller's memory. What does not fit sets <see cref="Overflowed"/> and leaves
/// <see cref="Length"/> at the last whole message.
/// </summary>
internal ref struct NetlinkWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _start;
    private int _at;

    /// <summary>Bytes of the finished messages.</summary>
    public int Length { readonly get; private set; }

    public bool Overflowed { readonly get; private set; }

    public void Begin(ushort type, ushort flags, uint sequence)
    {
        _start = _at = Length;
        Overflowed = false;
        Append(new NetlinkHeader { Type = type, Flags = flags, Sequence = sequence });
    }

    /// <summary>A structure, padded to the alignment.</summary>
    public void Append<T>(in T value) where T : unmanaged
    {
        Span<byte> room = Take(Unsafe.SizeOf<T>());
        if (!Overflowed)
        {
            MemoryMarshal.Write(room, in value);
        }
    }

    /// <summary>An attribute whose value the caller fills; empty when there is no room.</summary>
    public Span<byte> Attribute(ushort type, int length)
    {
        Span<byte> room = Take(AttributeReader.HeaderBytes + length);
        if (Overflowed)
        {
            return default;
        }

        ushort total = (ushort)(AttributeReader.HeaderBytes + length);
        MemoryMarshal.Write(room, in total);
        MemoryMarshal.Write(room[2..], in type);
        return room[AttributeReader.HeaderBytes..];
    }

    /// <summary>An attribute with one number, host byte order.</summary>
    public void Number<T>(ushort type, T number) where T : unmanaged
    {
        Span<byte> value = Attribute(type, Unsafe.SizeOf<T>());
        if (!value.IsEmpty)
        {
            MemoryMarshal.Write(value, in number);
        }
    }

    /// <summary>An attribute with these bytes.</summary>
    public void Bytes(ushort type, scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> value = Attribute(type, bytes.Length);
        if (!value.IsEmpty)
        {
            bytes.CopyTo(value);
        }
    }

    /// <summary>An attribute with an IPv4 or IPv6 address.</summary>
    public void Address(ushort type, Ip ip)
    {
        Span<byte> value = Attribute(type, ip.IsV6 ? 16 : 4);
        if (!value.IsEmpty)
        {
            _ = ip.Write(value);
        }
    }

    /// <summary>Text with the zero behind it.</summary>
    public void Text(ushort type, string text)
    {
        Span<byte> value = Attribute(type, Encoding.UTF8.GetByteCount(text) + 1);
        if (!value.IsEmpty)
        {
            _ = Encoding.UTF8.GetBytes(text, value);
        }
    }

    /// <summary>Opens an attribute that holds attributes; what is returned closes it.</summary>
    public int BeginNest(ushort type)
    {
        int start = _at;
        _ = Attribute(type, 0);
        return start;
    }

    public readonly void EndNest(int start)
    {
        if (!Overflowed)
        {
            ushort length = (ushort)(_at - start);
            MemoryMarshal.Write(_target[start..], in length);
        }
    }

    /// <summary>Finishes the message; false, with nothing written, if it did not fit.</summary>
    public bool End()
    {
        if (Overflowed)
        {
            _at = _start;
            return false;
        }

        uint length = (uint)(_at - _start);
        MemoryMarshal.Write(_target[_start..], in length);
        Length = _at;
        return true;
    }

    private Span<byte> Take(int length)
    {
        int padded = NetlinkMessage.Align(length);
        if (Overflowed || padded > _target.Length - _at)
        {
            Overflowed = true;
            return default;
        }

        // The padding goes to the kernel too: it must not be what was here before.
        Span<byte> room = _target.Slice(_at, padded);
        room.Clear();
        _at += padded;
        return room[..length];
    }
}
