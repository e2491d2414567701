using System;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Vrrpd.Core;

/// <summary>Utf8.TryWrite, but for its size: the framework's is inlined into each of a hundred messages, half a kilobyte of code a message.</summary>
internal static class Line
{
    public static bool TryWrite(Span<byte> to, [InterpolatedStringHandlerArgument(nameof(to))] ref Handler handler, out int written) =>
        handler.Finish(to, out written);

    [InterpolatedStringHandler]
    internal ref struct Handler(int literalLength, int formattedCount, Span<byte> to, out bool goesOn)
    {
        private Utf8.TryWriteInterpolatedStringHandler _inner = new(literalLength, formattedCount, to, out goesOn);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public bool AppendLiteral(string text) => _inner.AppendLiteral(text);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public bool AppendFormatted(string text) => _inner.AppendFormatted(text);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public bool AppendFormatted<T>(T value)
            where T : IUtf8SpanFormattable => _inner.AppendFormatted(value);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public bool Finish(Span<byte> to, out int written) => Utf8.TryWrite(to, ref _inner, out written);
    }
}
