-- shared_model: made by symlut 0.1.0.
-- A new event every clock; results 4 clocks after it (valid_in to valid_out).
-- No reset: the pipeline flushes itself.

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity shared_model is
    port (
        clk : in std_logic;
        valid_in : in std_logic;
        a : in signed(8 downto 0); -- fixed<9,4> a
        b : in signed(8 downto 0); -- fixed<9,4> b
        c : in signed(8 downto 0); -- fixed<9,4> c
        valid_out : out std_logic;
        p : out signed(8 downto 0); -- fixed<9,4> p
        q : out signed(8 downto 0) -- fixed<9,4> q
    );
end shared_model;

architecture rtl of shared_model is
    -- gauss over [-2,2], 32 entries, saturates; words ufixed<6,1>
    type n0_type_gauss_0_1 is array (0 to 31) of std_logic_vector(5 downto 0);
    constant n0_table_gauss_0_1 : n0_type_gauss_0_1 := (
        0 => "100000",
        1 => "011111",
        2 => "011101",
        3 => "011011",
        4 => "011000",
        5 => "010100",
        6 => "010001",
        7 => "001110",
        8 => "001011",
        9 => "001000",
        10 => "000110",
        11 => "000100",
        12 => "000011",
        13 => "000010",
        14 => "000001",
        15 => "000001",
        16 => "000001",
        17 => "000001",
        18 => "000010",
        19 => "000011",
        20 => "000100",
        21 => "000101",
        22 => "001000",
        23 => "001010",
        24 => "001101",
        25 => "010000",
        26 => "010100",
        27 => "010111",
        28 => "011010",
        29 => "011101",
        30 => "011111",
        31 => "100000"
    );
    -- integer square; words ufixed<8,8>
    type n0_type_square is array (0 to 15) of std_logic_vector(7 downto 0);
    constant n0_table_square : n0_type_square := (
        0 => "00000000",
        1 => "00000001",
        2 => "00000100",
        3 => "00001001",
        4 => "00010000",
        5 => "00011001",
        6 => "00100100",
        7 => "00110001",
        8 => "01000000",
        9 => "01010001",
        10 => "01100100",
        11 => "01111001",
        12 => "10010000",
        13 => "10101001",
        14 => "11000100",
        15 => "11100001"
    );
    -- integer square; words ufixed<9,9>
    type n0_type_square_signed is array (0 to 31) of std_logic_vector(8 downto 0);
    constant n0_table_square_signed : n0_type_square_signed := (
        0 => "000000000",
        1 => "000000001",
        2 => "000000100",
        3 => "000001001",
        4 => "000010000",
        5 => "000011001",
        6 => "000100100",
        7 => "000110001",
        8 => "001000000",
        9 => "001010001",
        10 => "001100100",
        11 => "001111001",
        12 => "010010000",
        13 => "010101001",
        14 => "011000100",
        15 => "011100001",
        16 => "100000000",
        17 => "011100001",
        18 => "011000100",
        19 => "010101001",
        20 => "010010000",
        21 => "001111001",
        22 => "001100100",
        23 => "001010001",
        24 => "001000000",
        25 => "000110001",
        26 => "000100100",
        27 => "000011001",
        28 => "000010000",
        29 => "000001001",
        30 => "000000100",
        31 => "000000001"
    );
    signal n0_valid : std_logic_vector(3 downto 0) := (others => '0');
    constant n2 : unsigned(0 downto 0) := "0"; -- a*b
    signal n4 : signed(10 downto 0);
    signal n5 : unsigned(0 downto 0);
    signal n7 : unsigned(0 downto 0);
    signal n9 : signed(8 downto 0);
    signal n10 : signed(10 downto 0);
    signal n11 : signed(10 downto 0);
    signal n12 : unsigned(0 downto 0);
    signal n14 : unsigned(0 downto 0);
    signal n16 : signed(8 downto 0);
    signal n17 : signed(10 downto 0);
    signal n18 : signed(10 downto 0);
    signal n20 : unsigned(0 downto 0);
    signal n22 : unsigned(0 downto 0);
    signal n23 : signed(8 downto 0);
    signal n24 : signed(10 downto 0);
    signal n25 : signed(10 downto 0);
    signal n27 : unsigned(0 downto 0);
    signal n29 : unsigned(0 downto 0);
    signal n31 : signed(8 downto 0);
    signal n32 : signed(10 downto 0);
    signal n33 : signed(10 downto 0);
    signal n35 : unsigned(0 downto 0);
    signal n37 : signed(8 downto 0);
    signal n38 : signed(8 downto 0);
    signal n40 : signed(12 downto 0);
    signal n41 : signed(12 downto 0);
    signal n42 : signed(12 downto 0);
    signal n43 : signed(12 downto 0);
    signal n44 : signed(16 downto 0);
    signal n45 : signed(17 downto 0);
    signal n47 : signed(18 downto 0);
    signal n49 : signed(18 downto 0);
    signal n50_rounded : signed(12 downto 0);
    signal n50_up : unsigned(0 downto 0);
    signal n50_under : boolean;
    signal n50_over : boolean;
    signal n50 : signed(8 downto 0);
    constant n51 : unsigned(0 downto 0) := "1"; -- a*b - 1
    signal n52 : signed(9 downto 0);
    signal n53_rounded : signed(9 downto 0);
    signal n53_under : boolean;
    signal n53 : signed(8 downto 0);
    signal n54 : signed(8 downto 0);
    signal n55_rounded : signed(6 downto 0);
    signal n55_under : boolean;
    signal n55_over : boolean;
    signal n55 : signed(4 downto 0);
    signal n56 : unsigned(5 downto 0);
    signal n57 : signed(8 downto 0);
    signal n58 : signed(9 downto 0);
    signal n59_rounded : signed(9 downto 0);
    signal n59_over : boolean;
    signal n59 : signed(8 downto 0);
    signal n62 : unsigned(3 downto 0);
    signal n63 : signed(4 downto 0);
    signal n65 : unsigned(3 downto 0);
    signal n66 : unsigned(7 downto 0);
    signal n67 : signed(4 downto 0);
    signal n68 : unsigned(8 downto 0);
    signal n69 : unsigned(16 downto 0);
    signal n71 : signed(6 downto 0);
    signal n72 : unsigned(0 downto 0);
    signal n73 : unsigned(0 downto 0);
    signal n75 : signed(4 downto 0);
    signal n76 : signed(6 downto 0);
    signal n77 : signed(6 downto 0);
    signal n78 : unsigned(0 downto 0);
    signal n80 : unsigned(0 downto 0);
    signal n82 : signed(4 downto 0);
    signal n83 : signed(6 downto 0);
    signal n84 : signed(6 downto 0);
    signal n86 : signed(8 downto 0);
    signal n88 : signed(8 downto 0);
    signal n89 : unsigned(16 downto 0);
    signal n91_rounded : unsigned(11 downto 0);
    signal n91_up : unsigned(0 downto 0);
    signal n91_over : boolean;
    signal n91 : unsigned(7 downto 0);
    signal n92 : unsigned(7 downto 0);
    signal n94 : unsigned(9 downto 0);
    signal n95_rounded : unsigned(9 downto 0);
    signal n95_over : boolean;
    signal n95 : unsigned(7 downto 0);
    signal n96 : unsigned(7 downto 0);
    signal n97 : signed(9 downto 0);
    signal n98_rounded : signed(9 downto 0);
    signal n98_under : boolean;
    signal n98 : signed(8 downto 0);
    signal n99 : signed(8 downto 0);
    signal n101 : signed(8 downto 0);
begin
    valid_out <= n0_valid(3);

    n4(10 downto 1) <= resize(a(8 downto 1), 10) + resize(a, 10); -- a*b
    n4(0 downto 0) <= a(0 downto 0); -- a*b
    n5 <= unsigned(b(0 downto 0)); -- a*b
    n7 <= unsigned(b(1 downto 1)); -- a*b
    n9 <= a when n5(0) = '1' else signed(resize(n2, 4) & "00000"); -- a*b
    n10 <= n4 when n5(0) = '1' else (resize(a, 10) & "0"); -- a*b
    n11 <= n10 when n7(0) = '1' else resize(n9, 11); -- a*b
    n12 <= unsigned(b(2 downto 2)); -- a*b
    n14 <= unsigned(b(3 downto 3)); -- a*b
    n16 <= a when n12(0) = '1' else signed(resize(n2, 4) & "00000"); -- a*b
    n17 <= n4 when n12(0) = '1' else (resize(a, 10) & "0"); -- a*b
    n18 <= n17 when n14(0) = '1' else resize(n16, 11); -- a*b
    n20 <= unsigned(b(4 downto 4)); -- a*b
    n22 <= unsigned(b(5 downto 5)); -- a*b
    n23 <= a when n20(0) = '1' else signed(resize(n2, 4) & "00000"); -- a*b
    n24 <= n4 when n20(0) = '1' else (resize(a, 10) & "0"); -- a*b
    n25 <= n24 when n22(0) = '1' else resize(n23, 11); -- a*b
    n27 <= unsigned(b(6 downto 6)); -- a*b
    n29 <= unsigned(b(7 downto 7)); -- a*b
    n31 <= a when n27(0) = '1' else signed(resize(n2, 4) & "00000"); -- a*b
    n32 <= n4 when n27(0) = '1' else (resize(a, 10) & "0"); -- a*b
    n33 <= n32 when n29(0) = '1' else resize(n31, 11); -- a*b
    n35 <= unsigned(b(8 downto 8)); -- a*b
    n37 <= a when n35(0) = '1' else signed(resize(n2, 4) & "00000"); -- a*b
    n40(12 downto 2) <= resize(n11(10 downto 2), 11) + n18; -- a*b
    n40(1 downto 0) <= n11(1 downto 0); -- a*b
    n41(12 downto 2) <= resize(n25(10 downto 2), 11) + n33; -- a*b
    n41(1 downto 0) <= n25(1 downto 0); -- a*b
    n44(16 downto 4) <= resize(n42(12 downto 4), 13) + n43; -- a*b
    n44(3 downto 0) <= n42(3 downto 0); -- a*b
    n45(17 downto 8) <= resize(n44(16 downto 8), 10) + resize(n38, 10); -- a*b
    n45(7 downto 0) <= n44(7 downto 0); -- a*b
    n47(18 downto 9) <= resize(n45(17 downto 9), 10) - resize(n38, 10); -- a*b
    n47(8 downto 0) <= n45(8 downto 0); -- a*b
    n50_up <= "1" when n49(4) = '1' and (unsigned(n49(3 downto 0)) /= 0 or n49(5) = '1') else "0"; -- RND_CONV
    n50_rounded <= n49(17 downto 5) + signed(resize(n50_up, 13)); -- a*b
    n50_under <= n50_rounded(12) = '1' and n50_rounded(11 downto 8) /= -1; -- SAT
    n50_over <= n50_rounded(12) = '0' and unsigned(n50_rounded(11 downto 8)) /= 0; -- SAT
    n50 <= "011111111" when n50_over else "100000000" when n50_under else n50_rounded(8 downto 0); -- a*b
    n52(9 downto 5) <= resize(n50(8 downto 5), 5) - signed(resize(n51, 5)); -- a*b - 1
    n52(4 downto 0) <= n50(4 downto 0); -- a*b - 1
    n53_rounded <= n52; -- a*b - 1
    n53_under <= n53_rounded(9) = '1' and n53_rounded(8 downto 8) /= -1; -- SAT
    n53 <= "100000000" when n53_under else n53_rounded(8 downto 0); -- a*b - 1
    n55_rounded <= n54(8 downto 2); -- gauss(a*b - 1)
    n55_under <= n55_rounded(6) = '1' and n55_rounded(5 downto 4) /= -1; -- SAT
    n55_over <= n55_rounded(6) = '0' and unsigned(n55_rounded(5 downto 4)) /= 0; -- SAT
    n55 <= "01111" when n55_over else "10000" when n55_under else n55_rounded(4 downto 0); -- gauss(a*b - 1)
    n56 <= unsigned(n0_table_gauss_0_1(to_integer(unsigned(n55)))); -- gauss(a*b - 1)
    n58 <= signed(resize(n56, 10)) + resize(n57, 10); -- gauss(a*b - 1) + a*b
    n59_rounded <= n58; -- gauss(a*b - 1) + a*b
    n59_over <= n59_rounded(9) = '0' and unsigned(n59_rounded(8 downto 8)) /= 0; -- SAT
    n59 <= "011111111" when n59_over else n59_rounded(8 downto 0); -- gauss(a*b - 1) + a*b
    n62 <= unsigned(c(3 downto 0)); -- c^2
    n63 <= c(8 downto 4); -- c^2
    n66 <= unsigned(n0_table_square(to_integer(n65))); -- c^2
    n68 <= unsigned(n0_table_square_signed(to_integer(unsigned(n67)))); -- c^2
    n69 <= n68 & n66; -- c^2
    n71(6 downto 1) <= resize(n63(4 downto 1), 6) + resize(n63, 6); -- c^2
    n71(0 downto 0) <= n63(0 downto 0); -- c^2
    n72 <= n62(0 downto 0); -- c^2
    n73 <= n62(1 downto 1); -- c^2
    n75 <= n63 when n72(0) = '1' else signed(resize(n2, 5)); -- c^2
    n76 <= n71 when n72(0) = '1' else (resize(n63, 6) & "0"); -- c^2
    n77 <= n76 when n73(0) = '1' else resize(n75, 7); -- c^2
    n78 <= n62(2 downto 2); -- c^2
    n80 <= n62(3 downto 3); -- c^2
    n82 <= n63 when n78(0) = '1' else signed(resize(n2, 5)); -- c^2
    n83 <= n71 when n78(0) = '1' else (resize(n63, 6) & "0"); -- c^2
    n84 <= n83 when n80(0) = '1' else resize(n82, 7); -- c^2
    n86(8 downto 2) <= resize(n77(6 downto 2), 7) + n84; -- c^2
    n86(1 downto 0) <= n77(1 downto 0); -- c^2
    n89(16 downto 5) <= n69(16 downto 5) + unsigned(resize(n88, 12)); -- c^2
    n89(4 downto 0) <= n69(4 downto 0); -- c^2
    n91_up <= "1" when n89(4) = '1' and (n89(3 downto 0) /= 0 or n89(5) = '1') else "0"; -- RND_CONV
    n91_rounded <= n89(16 downto 5) + resize(n91_up, 12); -- c^2
    n91_over <= n91_rounded(11 downto 8) /= 0; -- SAT
    n91 <= "11111111" when n91_over else n91_rounded(7 downto 0); -- c^2
    n94 <= (n92 & "00") - resize(n92, 10); -- 3*c^2
    n95_rounded <= n94; -- 3*c^2
    n95_over <= n95_rounded(9 downto 8) /= 0; -- SAT
    n95 <= "11111111" when n95_over else n95_rounded(7 downto 0); -- 3*c^2
    n97 <= resize(n57, 10) - signed(resize(n96, 10)); -- a*b - 3*c^2
    n98_rounded <= n97; -- a*b - 3*c^2
    n98_under <= n98_rounded(9) = '1' and n98_rounded(8 downto 8) /= -1; -- SAT
    n98 <= "100000000" when n98_under else n98_rounded(8 downto 0); -- a*b - 3*c^2
    p <= n99; -- p
    q <= n101; -- q

    process (clk)
    begin
        if rising_edge(clk) then
            n0_valid(0) <= valid_in;
            n0_valid(3 downto 1) <= n0_valid(2 downto 0);
            n38 <= n37; -- a*b
            n42 <= n40; -- a*b
            n43 <= n41; -- a*b
            n49 <= n47; -- a*b
            n54 <= n53; -- a*b - 1
            n57 <= n50; -- a*b
            n65 <= n62; -- c^2
            n67 <= n63; -- c^2
            n88 <= n86; -- c^2
            n92 <= n91; -- c^2
            n96 <= n95; -- 3*c^2
            n99 <= n59; -- gauss(a*b - 1) + a*b
            n101 <= n98; -- a*b - 3*c^2
        end if;
    end process;
end rtl;
