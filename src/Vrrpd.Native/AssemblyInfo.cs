using System.Runtime.CompilerServices;

// Every libc declaration is blittable: no marshalling stubs, no hidden copies.
[assembly: DisableRuntimeMarshalling]
