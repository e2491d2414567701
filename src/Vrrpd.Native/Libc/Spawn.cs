using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vrrpd.Native;

/// <summary>posix_spawnattr_t: 336 bytes in glibc and musl on x64; room to spare elsewhere.</summary>
[InlineArray(64)]
internal struct SpawnAttributes
{
    private ulong _word;
}

/// <summary>posix_spawn_file_actions_t: 80 bytes in both libcs.</summary>
[InlineArray(16)]
internal struct SpawnActions
{
    private ulong _word;
}

/// <summary>spawn.h. These return the error number itself, not -1.</summary>
internal static unsafe partial class Libc
{
    public const short POSIX_SPAWN_SETPGROUP = 2, POSIX_SPAWN_SETSIGDEF = 4, POSIX_SPAWN_SETSIGMASK = 8, POSIX_SPAWN_SETSID = 0x80;

    [LibraryImport("libc")]
    public static partial int posix_spawn(int* pid, byte* path, SpawnActions* actions, SpawnAttributes* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(SpawnAttributes* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(SpawnAttributes* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setpgroup(SpawnAttributes* attributes, int group);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigmask(SpawnAttributes* attributes, SigSet* mask);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(SpawnAttributes* attributes, SigSet* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_init(SpawnActions* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_adddup2(SpawnActions* actions, int from, int to);
}
