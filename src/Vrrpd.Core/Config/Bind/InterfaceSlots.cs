using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>Gives every interface that is named a small number.</summary>
internal sealed class InterfaceSlots
{
    private readonly Dictionary<string, short> _slots = [];
    private readonly List<string> _names = [];

    public string this[short slot] => _names[slot];

    /// <summary>-1 when there are too many.</summary>
    public short Of(string name)
    {
        if (_slots.TryGetValue(name, out short slot))
        {
            return slot;
        }

        if (_names.Count == short.MaxValue)
        {
            return -1;
        }

        slot = (short)_names.Count;
        _names.Add(name);
        _slots.Add(name, slot);
        return slot;
    }

    /// <summary>-1 of an interface that nothing else names.</summary>
    public short Find(string name) => _slots.TryGetValue(name, out short slot) ? slot : (short)-1;

    public string[] ToArray() => _names.ToArray();
}
