using System;
using System.Runtime.InteropServices;

namespace Vrrpd.Native.Log;

/// <summary>
/// The wall clock as text for log lines, in the zone of /etc/localtime or TZ (the libc knows; .NET's time zones would cost 100 KB).
/// Made anew only when the second changes.
/// </summary>
internal sealed unsafe partial class LocalTime
{
    /// <summary>"Sun Nov 22 18:54:19 2026".</summary>
    public const int CtimeLength = 24;

    /// <summary>"Nov 22 18:54:19": the middle of the other.</summary>
    public const int SyslogOffset = 4, SyslogLength = 15;

    private readonly byte[] _text = new byte[CtimeLength];
    private long _second = -1;

    private static ReadOnlySpan<byte> Days => "SunMonTueWedThuFriSat"u8;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Seconds since 1970 of the last text.</summary>
    public long Second => _second;

    public ReadOnlySpan<byte> Now()
    {
        long now = time(null);
        if (now != _second)
        {
            if (_second < 0)
            {
                // Reads a file, which who never says a line does without.
                tzset();
            }

            _second = now;
            Tm tm = default;
            if (localtime_r(&now, &tm) != null)
            {
                Format(_text, tm);
            }
        }

        return _text;
    }

    /// <summary>ctime's form: the day of the month is padded with a blank, the rest with zeros.</summary>
    internal static void Format(Span<byte> text, in Tm tm)
    {
        text.Fill((byte)' ');
        Days.Slice(3 * tm.WeekDay, 3).CopyTo(text);
        Months.Slice(3 * tm.Month, 3).CopyTo(text[4..]);
        Two(text[8..], tm.Day);
        if (tm.Day < 10)
        {
            text[8] = (byte)' ';
        }

        Two(text[11..], tm.Hour);
        text[13] = (byte)':';
        Two(text[14..], tm.Minute);
        text[16] = (byte)':';
        Two(text[17..], tm.Second);
        int year = tm.YearsSince1900 + 1900;
        Two(text[20..], year / 100);
        Two(text[22..], year % 100);
    }

    private static void Two(Span<byte> text, int number)
    {
        text[0] = (byte)('0' + number / 10 % 10);
        text[1] = (byte)('0' + number % 10);
    }

    [LibraryImport("libc")]
    private static partial void tzset();

    [LibraryImport("libc")]
    private static partial long time(long* result);

    [LibraryImport("libc")]
    private static partial Tm* localtime_r(long* time, Tm* result);

    /// <summary>struct tm, 56 bytes with the zone at its end.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 56)]
    internal struct Tm
    {
        public int Second;
        public int Minute;
        public int Hour;
        public int Day;
        public int Month;
        public int YearsSince1900;
        public int WeekDay;
    }
}
