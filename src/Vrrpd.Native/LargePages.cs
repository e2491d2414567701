using System;

namespace Vrrpd.Native;

/// <summary>
/// Memory in pages of 2 MiB for what is about to be filled: a thousand page faults cost a short-lived command as much as all its work. A
/// daemon keeps away from it, because what it lets go of would come back in 2 MiB only. All of it is a wish: a kernel that cannot, or may
/// not, goes on as ever.
/// </summary>
internal static unsafe class LargePages
{
    private const nint Page = 2 << 20;

    /// <summary>To clear a whole page takes as long as the page faults of this many bytes.</summary>
    private const nint Worth = 512 << 10;

    /// <summary>asm-generic/mman-common.h; the second is for a page of which a part is in use already (Linux 6.1).</summary>
    private const int MADV_HUGEPAGE = 14, MADV_COLLAPSE = 25;

    /// <param name="near">Lies where memory is handed out; what follows it will be filled.</param>
    /// <param name="length">Bytes from there.</param>
    public static void Wish(ReadOnlySpan<byte> near, long length)
    {
        fixed (byte* at = near)
        {
            byte* page = (byte*)((nint)at & ~(Page - 1));
            nint pages = (nint)(at - page + length + Page - Worth) & ~(Page - 1);
            if (pages > 0)
            {
                _ = Libc.madvise(page, (nuint)pages, MADV_HUGEPAGE);
                _ = Libc.madvise(page, (nuint)Page, MADV_COLLAPSE);
            }
        }
    }
}
