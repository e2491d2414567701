namespace Vrrpd.Core;

/// <summary>Every message that the core can say. <see cref="LogText"/> has the words, the level and what -D is needed for.</summary>
public enum LogEvent : byte
{
    EnteringBackup,
}
