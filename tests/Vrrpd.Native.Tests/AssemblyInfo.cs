using System.Runtime.Versioning;
using Xunit;

[assembly: SupportedOSPlatform("linux")]

// Descriptors, environment and children belong to the whole process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
